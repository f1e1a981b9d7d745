-- grain:  one row a day and zone, in the order of the parameters
-- params: $1 days, $2 time zones
-- locks:  none
SELECT meterbook.midnight(n.day, n.zone) AS at
FROM unnest($1::date[], $2::text[]) WITH ORDINALITY AS n (day, zone, place)
ORDER BY n.place
