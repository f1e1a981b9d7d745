-- grain:  the session
-- params: none
-- locks:  none
-- How many values a statement is given decides how it is best done: one plan for all is the one for few.
SET plan_cache_mode = force_custom_plan
