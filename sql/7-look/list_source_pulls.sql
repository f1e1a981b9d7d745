-- grain:  one row a pull of one of some sources
-- params: $1 sources
-- locks:  none
SELECT p.pull_id, n.place::integer AS place
FROM meterbook.pull AS p
JOIN unnest($1::text[]) WITH ORDINALITY AS n (source, place) USING (source)
ORDER BY p.pull_id
