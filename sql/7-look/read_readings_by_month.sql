-- grain:  one row a calendar month of a subscription and meter
-- params: $1 customer, $2 subscription, $3 meter, $4 first day, $5 first day after, $6 watermark or NULL for now
-- locks:  none
-- With a watermark: the readings as they were known then, the current ones that had come by then and the superseded
-- ones that were restated only later.
WITH known AS (
    SELECT r.day, r.customer_id, r.account_id, r.quantity FROM meterbook.reading AS r
    WHERE r.customer_id = $1 AND r.meter_id = $3 AND r.day >= $4 AND r.day < $5 AND r.pull_id <= coalesce($6, r.pull_id)
    UNION ALL
    SELECT r.day, r.customer_id, r.account_id, r.quantity FROM meterbook.reading_superseded AS r
    WHERE r.customer_id = $1 AND r.meter_id = $3 AND r.day >= $4 AND r.day < $5
        AND r.pull_id <= $6 AND r.superseded_by > $6
)
SELECT date_trunc('month', k.day)::date AS month, sum(k.quantity)::bigint AS quantity, count(*) AS readings
FROM known AS k
JOIN meterbook.membership AS m
    ON m.customer_id = k.customer_id AND m.account_id = k.account_id AND m.subscription_id = $2
    AND k.day >= m.starts AND (m.ends IS NULL OR k.day < m.ends)
GROUP BY 1
ORDER BY 1
