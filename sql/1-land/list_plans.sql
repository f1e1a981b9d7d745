-- grain:  one row a plan
-- params: none
-- locks:  none
SELECT plan_id, key FROM meterbook.plan
