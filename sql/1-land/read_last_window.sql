-- grain:  one row
-- params: $1 source
-- locks:  none
SELECT max(to_day) AS until FROM meterbook.pull WHERE source = $1 AND status IN ('succeeded', 'incomplete')
