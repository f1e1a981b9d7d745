-- grain:  plans not known yet
-- params: $1 keys
-- locks:  none but the new rows
INSERT INTO meterbook.plan (key) SELECT k.key FROM unnest($1::text[]) WITH ORDINALITY AS k (key, place) WHERE NOT EXISTS (SELECT FROM meterbook.plan AS p WHERE p.key = k.key) ORDER BY k.place
