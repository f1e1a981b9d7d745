-- grain:  the session, until join_freely or the end of the transaction
-- params: none
-- locks:  none
-- By merging alone, which takes from each index as much as the other one asks for. PostgreSQL cannot know how far that is,
-- and would rather put all customers of a range into a hash table than stop in the midst of them. Nor can it know how few
-- groups a batch falls into, for which it would sort all of it.
SELECT set_config('enable_nestloop', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_sort', 'off', true)
