-- grain:  the session, after join_side_by_side or prefer_merge_joins
-- params: none
-- locks:  none
SELECT set_config('enable_nestloop', 'on', true), set_config('enable_hashjoin', 'on', true),
    set_config('enable_sort', 'on', true)
