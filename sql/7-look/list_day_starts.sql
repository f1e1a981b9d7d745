-- grain:  one row a day, in the order given
-- params: $1 days, $2 time zone
-- locks:  none
SELECT meterbook.day_start(d.day, $2) AS start FROM unnest($1::date[]) WITH ORDINALITY AS d (day, place) ORDER BY d.place
