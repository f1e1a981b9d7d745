-- grain:  one row a closed or open period that does not begin where the one before it ends
-- params: $1 most rows
-- locks:  none
SELECT s.key AS subject, format('period %s begins on %s, the one before it ends on %s', p.starts || '/' || p.ends, p.starts,
    p.before) AS detail
FROM (
    SELECT customer_id, subscription_id, starts, ends, number,
        lag(ends) OVER w AS before, lag(number) OVER w AS number_before
    FROM (
        SELECT customer_id, subscription_id, starts, ends, number FROM meterbook.billing_period
        UNION ALL
        SELECT customer_id, subscription_id, starts, ends, number FROM meterbook.open_period
    ) AS every_period
    WINDOW w AS (PARTITION BY customer_id, subscription_id ORDER BY ends)
) AS p
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
WHERE p.before <> p.starts OR p.number <> p.number_before + 1 OR (p.before IS NULL AND p.starts <> s.starts)
LIMIT $1
