-- grain:  one row
-- params: $1 meters
-- locks:  none
SELECT min(day) AS day FROM meterbook.reading WHERE meter_id = ANY ($1::integer[])
