-- grain:  one row a text, in their order
-- params: $1 texts
-- locks:  none
SELECT encode(sha256(convert_to(t.text, 'UTF8')), 'hex') AS sha256
FROM unnest($1::text[]) WITH ORDINALITY AS t (text, place)
ORDER BY t.place
