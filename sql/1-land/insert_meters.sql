-- grain:  meters not known yet
-- params: $1 keys, $2 whether the pulls keep their totals
-- locks:  none but the new rows
INSERT INTO meterbook.meter (key, is_running, carries_levels)
SELECT k.key, k.is_running, false FROM unnest($1::text[], $2::boolean[]) WITH ORDINALITY AS k (key, is_running, place)
WHERE NOT EXISTS (SELECT FROM meterbook.meter AS m WHERE m.key = k.key)
ORDER BY k.place
