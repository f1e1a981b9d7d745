-- grain:  one row a reading that a source, read again, delivers otherwise than the books have it
-- params: $1 the pull that read it again, $2 source, $3 first day, $4 first day after
-- locks:  none
-- Behind the pull and in its transaction: landed_reading holds what was delivered.
SELECT d.day, a.key AS account, c.key AS channel, c.category, m.key AS meter, d.was, d.now_is
FROM (
    SELECT r.day, r.account_id, r.channel_id, r.meter_id, s.quantity AS was, r.quantity AS now_is
    FROM meterbook.reading AS r
    LEFT JOIN meterbook.reading_superseded AS s
        ON s.day = r.day AND s.customer_id = r.customer_id AND s.account_id = r.account_id
        AND s.channel_id = r.channel_id AND s.meter_id = r.meter_id AND s.superseded_by = $1
    WHERE r.day >= $3 AND r.day < $4 AND r.pull_id = $1
    UNION ALL
    SELECT r.day, r.account_id, r.channel_id, r.meter_id, r.quantity, NULL
    FROM meterbook.reading AS r
    JOIN meterbook.pull AS p ON p.pull_id = r.pull_id AND p.source = $2
    WHERE r.day >= $3 AND r.day < $4 AND r.pull_id <> $1
        AND NOT EXISTS (
            SELECT FROM landed_reading AS l
            WHERE l.day = r.day AND l.customer_id = r.customer_id AND l.account_id = r.account_id
                AND l.channel_id = r.channel_id AND l.meter_id = r.meter_id AND l.verdict IS NULL)
) AS d
JOIN meterbook.account AS a USING (account_id)
JOIN meterbook.channel AS c USING (channel_id)
JOIN meterbook.meter AS m USING (meter_id)
ORDER BY d.day, a.key COLLATE "C", c.key COLLATE "C", c.category COLLATE "C", m.key COLLATE "C"
