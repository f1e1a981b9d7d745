-- grain:  one row an instant, in the order of the parameters
-- params: $1 instants, $2 time zone
-- locks:  none
SELECT (n.at AT TIME ZONE $2)::date AS day, to_char(n.at AT TIME ZONE $2, 'YYYY-MM-DD HH24:MI:SS') AS time
FROM unnest($1::timestamptz[]) WITH ORDINALITY AS n (at, place)
ORDER BY n.place
