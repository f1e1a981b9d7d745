-- grain:  the session, until the end of the transaction
-- params: none
-- locks:  none
-- Where all is asked for, looking up the partners of each row takes as many searches as there are months of history.
SELECT set_config('enable_nestloop', 'off', true)
