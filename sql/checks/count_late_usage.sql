-- grain:  one row
-- params: none
-- locks:  none
SELECT count(*) FROM meterbook.late_usage
