-- grain:  one row a source, month and meter of which pulls have brought readings, or restated some
-- params: $1 pulls, $2 first day, $3 first day after
-- locks:  none
WITH before AS (
    -- What a reading was before the first of these pulls that touched it.
    SELECT DISTINCT ON (day, customer_id, account_id, channel_id, meter_id)
        day, customer_id, account_id, channel_id, meter_id, quantity
    FROM meterbook.reading_superseded
    WHERE day >= $2 AND day < $3 AND superseded_by = ANY ($1::bigint[]) AND pull_id <> ALL ($1::bigint[])
    ORDER BY day, customer_id, account_id, channel_id, meter_id, superseded_by
)
SELECT p.source, date_trunc('month', r.day)::date AS month, r.meter_id, m.key AS meter,
    count(*) FILTER (WHERE b.quantity IS NULL) AS new,
    coalesce(sum(r.quantity) FILTER (WHERE b.quantity IS NULL), 0)::text AS new_quantity,
    count(*) FILTER (WHERE b.quantity <> r.quantity) AS restated,
    coalesce(sum(r.quantity - b.quantity), 0)::text AS difference
FROM meterbook.reading AS r
JOIN meterbook.pull AS p USING (pull_id)
JOIN meterbook.meter AS m USING (meter_id)
LEFT JOIN before AS b
    ON b.day = r.day AND b.customer_id = r.customer_id AND b.account_id = r.account_id AND b.channel_id = r.channel_id
    AND b.meter_id = r.meter_id
WHERE r.day >= $2 AND r.day < $3 AND r.pull_id = ANY ($1::bigint[])
GROUP BY p.source, month, r.meter_id, m.key
HAVING count(*) FILTER (WHERE b.quantity IS NULL OR b.quantity <> r.quantity) > 0
ORDER BY p.source COLLATE "C", month, m.key COLLATE "C"
