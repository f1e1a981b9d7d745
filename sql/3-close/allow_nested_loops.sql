-- grain:  the session, after prefer_merge_joins
-- params: none
-- locks:  none
SET LOCAL enable_nestloop = on
