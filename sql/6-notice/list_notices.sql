-- grain:  one row a notice, the latest first
-- params: $1 subscription or NULL, $2 status or NULL, $3 most rows
-- locks:  none
SELECT n.notice_id::text, c.key AS customer, s.key AS subscription, n.kind, n.topic, n.period_starts, n.threshold,
    n.subject, n.body, n.as_of, n.due, n.status, n.attempts, n.next_attempt_at, n.last_error, n.delivered_at, n.run_id
FROM meterbook.notice AS n
JOIN meterbook.subscription AS s ON s.customer_id = n.customer_id AND s.subscription_id = n.subscription_id
JOIN meterbook.customer AS c ON c.customer_id = n.customer_id
WHERE ($1::text IS NULL OR s.key = $1) AND ($2::text IS NULL OR n.status = $2)
ORDER BY n.place DESC
LIMIT $3
