-- grain:  one row
-- params: none
-- locks:  none
SELECT min(ends) AS first_due, max(ends) AS last_due FROM meterbook.open_period
