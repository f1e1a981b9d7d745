-- grain:  one row a channel of landed intervals that is not known
-- params: $1 first place, $2 first place after
-- locks:  none but the new rows
INSERT INTO meterbook.channel (key, category)
SELECT DISTINCT l.channel_key, '' FROM landed_interval AS l
WHERE l.verdict IS NULL AND l.place >= $1 AND l.place < $2
    AND NOT EXISTS (SELECT FROM meterbook.channel AS c WHERE c.key = l.channel_key AND c.category = '')
ORDER BY 1
