-- grain:  the session's landed counts: without a look at them the planner takes them for a few
-- params: none
-- locks:  none
ANALYZE landed_count
