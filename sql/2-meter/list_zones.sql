-- grain:  one row a subscription and time zone that its days were ever counted in, in order of time
-- params: $1 customers, $2 their subscriptions
-- locks:  none
SELECT n.customer_id, n.subscription_id, z.from_day, z.time_zone
FROM unnest($1::bigint[], $2::bigint[]) AS n (customer_id, subscription_id)
CROSS JOIN LATERAL (
    SELECT NULL::date AS from_day, s.time_zone FROM meterbook.subscription AS s
    WHERE s.customer_id = n.customer_id AND s.subscription_id = n.subscription_id
    UNION ALL
    SELECT c.from_day, c.time_zone FROM meterbook.subscription_zone AS c
    WHERE c.customer_id = n.customer_id AND c.subscription_id = n.subscription_id
) AS z
ORDER BY n.customer_id, n.subscription_id, z.from_day NULLS FIRST
