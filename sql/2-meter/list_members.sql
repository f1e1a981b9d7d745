-- grain:  one row a membership of these subscriptions
-- params: $1 customers, $2 subscriptions
-- locks:  none
SELECT m.subscription_id, m.account_id, m.starts, m.ends, meterbook.midnight(m.starts, s.time_zone) AS starts_at,
    meterbook.midnight(m.ends, s.time_zone) AS ends_at
FROM unnest($1::bigint[], $2::bigint[]) AS n (customer_id, subscription_id)
JOIN meterbook.membership AS m ON m.customer_id = n.customer_id AND m.subscription_id = n.subscription_id
JOIN meterbook.subscription AS s ON s.customer_id = n.customer_id AND s.subscription_id = n.subscription_id
ORDER BY m.subscription_id, m.account_id, m.starts
