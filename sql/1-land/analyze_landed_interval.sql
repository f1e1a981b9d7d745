-- grain:  the session's landed interval rows: without a look at them the planner takes them for a few
-- params: none
-- locks:  none
ANALYZE landed_interval
