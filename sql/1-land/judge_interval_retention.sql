-- grain:  landed intervals that would change what was closed too long ago
-- params: $1 day on or before which such a period has ended
-- locks:  the temporary table alone
-- What changes begins where a known interval and the landed one part, as in apply_intervals.
WITH changed AS (
    SELECT l.place, l.account_id,
        CASE WHEN i.account_id IS NOT NULL AND i.category = l.category THEN least(i.off_at, l.off_at) ELSE l.on_at END AS at
    FROM landed_interval AS l
    LEFT JOIN meterbook.channel AS c ON c.key = l.channel_key AND c.category = ''
    LEFT JOIN meterbook.connection_interval AS i
        ON i.account_id = l.account_id AND i.channel_id = c.channel_id AND i.meter_id = l.meter_id AND i.on_at = l.on_at
    WHERE l.verdict IS NULL
        AND (i.account_id IS NULL OR i.category <> l.category
            OR (NOT l.off_is_later AND i.off_at IS DISTINCT FROM l.off_at))
)
UPDATE landed_interval AS l
SET verdict = 'beyond_retention', field = 'on', found = l.on_at::text
FROM changed AS n
WHERE l.place = n.place
    AND EXISTS (
        SELECT FROM meterbook.membership AS m
        JOIN meterbook.subscription AS s ON s.customer_id = m.customer_id AND s.subscription_id = m.subscription_id
        JOIN meterbook.billing_period AS b
            ON b.customer_id = m.customer_id AND b.subscription_id = m.subscription_id
        WHERE m.account_id = n.account_id AND (m.ends IS NULL OR m.ends > b.starts) AND b.starts < b.ends
            AND b.ends <= $1 AND b.ends > (n.at AT TIME ZONE s.time_zone)::date
            AND (l.off_at IS NULL OR b.starts <= (l.off_at AT TIME ZONE s.time_zone)::date
                OR b.starts <= (n.at AT TIME ZONE s.time_zone)::date))
