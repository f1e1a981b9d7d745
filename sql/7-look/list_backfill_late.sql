-- grain:  one row a subscription of whose closed periods totals have changed, in order
-- params: $1 pulls, $2 and $3 the last customer and subscription done, $4 most
-- locks:  none
-- The last number is of its periods that are closed.
SELECT l.customer_id, l.subscription_id, s.key, b.last_number
FROM (
    SELECT DISTINCT customer_id, subscription_id FROM meterbook.late_usage
    WHERE pull_id = ANY ($1::bigint[]) AND (customer_id, subscription_id) > ($2, $3)
    ORDER BY customer_id, subscription_id
    LIMIT $4
) AS l
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
CROSS JOIN LATERAL (
    SELECT max(p.number) AS last_number FROM meterbook.billing_period AS p
    WHERE p.customer_id = s.customer_id AND p.subscription_id = s.subscription_id
) AS b
ORDER BY l.customer_id, l.subscription_id
