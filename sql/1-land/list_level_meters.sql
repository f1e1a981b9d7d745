-- grain:  one row a meter whose readings hold until the next one
-- params: none
-- locks:  none
SELECT meter_id FROM meterbook.meter WHERE carries_levels ORDER BY meter_id
