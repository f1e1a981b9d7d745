-- grain:  one row
-- params: $1 the present instant
-- locks:  none
SELECT min(($1::timestamptz AT TIME ZONE zone)::date) AS earliest, max(($1::timestamptz AT TIME ZONE zone)::date) AS latest
FROM (SELECT DISTINCT time_zone AS zone FROM meterbook.subscription UNION SELECT 'UTC') AS zones
