-- grain:  one row
-- params: none
-- locks:  none
SELECT count(*) FROM meterbook.hold
