-- grain:  one row a meter whose totals the pulls keep
-- params: none
-- locks:  none
SELECT meter_id FROM meterbook.meter WHERE is_running ORDER BY meter_id
