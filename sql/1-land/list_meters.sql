-- grain:  one row a meter
-- params: none
-- locks:  none
SELECT meter_id, key FROM meterbook.meter
