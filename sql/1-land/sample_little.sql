-- grain:  the session, until the end of the transaction
-- params: none
-- locks:  none
-- How many rows there are, and about how they are spread, is enough for a plan. More takes longer than some plans.
SET LOCAL default_statistics_target = 10
