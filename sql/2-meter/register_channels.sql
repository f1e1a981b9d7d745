-- grain:  one row a channel
-- params: $1 names, $2 their categories, empty for none
-- locks:  none but the new rows
WITH wanted AS (
    SELECT DISTINCT w.key, w.category FROM unnest($1::text[], $2::text[]) AS w (key, category)
), missing AS (
    INSERT INTO meterbook.channel (key, category)
    SELECT w.key, w.category FROM wanted AS w
    WHERE NOT EXISTS (SELECT FROM meterbook.channel AS c WHERE c.key = w.key AND c.category = w.category)
    ORDER BY w.key, w.category
    RETURNING key, category, channel_id
)
SELECT key, category, channel_id FROM missing
UNION ALL
SELECT c.key, c.category, c.channel_id FROM meterbook.channel AS c JOIN wanted AS w USING (key, category)
