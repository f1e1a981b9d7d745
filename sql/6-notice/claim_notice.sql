-- grain:  the next notice to deliver, in order, or no row
-- params: $1 the day, $2 and $3 due day and place of the last one looked at, $4 the present instant, $5 whether an address is needed, $6 whether a subscription gets one a day
-- locks:  row lock on it, until the transaction ends; one that another deliverer has is left to it
-- A subscription's notices follow each other: none goes out before an earlier one has, or has been given up.
SELECT n.customer_id, n.notice_id::text, n.due, n.place, n.kind, n.topic, n.period_starts, n.threshold, n.subject,
    n.body, n.as_of, n.attempts, c.key, c.name, s.key, a.email
FROM meterbook.notice AS n
JOIN meterbook.customer AS c ON c.customer_id = n.customer_id
JOIN meterbook.subscription AS s ON s.customer_id = n.customer_id AND s.subscription_id = n.subscription_id
LEFT JOIN meterbook.customer_contact AS a ON a.customer_id = n.customer_id
WHERE n.status = 'pending' AND n.due <= $1::date AND (n.due, n.place) > ($2::date, $3::bigint)
    AND (n.next_attempt_at IS NULL OR n.next_attempt_at <= $4::timestamptz)
    AND (NOT $5::boolean OR a.email IS NOT NULL)
    AND NOT EXISTS (
        SELECT FROM meterbook.notice AS e
        WHERE e.customer_id = n.customer_id AND e.subscription_id = n.subscription_id AND e.status = 'pending'
            AND (e.due, e.place) < (n.due, n.place))
    AND (NOT $6::boolean OR NOT EXISTS (
        SELECT FROM meterbook.notice AS d
        WHERE d.customer_id = n.customer_id AND d.subscription_id = n.subscription_id AND d.delivered_on = $1::date))
ORDER BY n.due, n.place
LIMIT 1
FOR UPDATE OF n SKIP LOCKED
