-- grain:  one row
-- params: none
-- locks:  none
SELECT max(period_ends) + 1 AS day_after FROM meterbook.invoice
