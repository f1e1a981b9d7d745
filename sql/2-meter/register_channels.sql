-- grain:  one row a name
-- params: $1 names
-- locks:  none but the new rows
WITH missing AS (
    INSERT INTO meterbook.channel (key)
    SELECT DISTINCT k FROM unnest($1::text[]) AS k
    WHERE NOT EXISTS (SELECT FROM meterbook.channel AS c WHERE c.key = k)
    ORDER BY k
    RETURNING key, channel_id
)
SELECT key, channel_id FROM missing
UNION ALL
SELECT key, channel_id FROM meterbook.channel WHERE key = ANY ($1::text[])
