-- grain:  one row a membership of these subscriptions
-- params: $1 customers, $2 subscriptions
-- locks:  none
SELECT m.subscription_id, m.account_id, m.starts, m.ends,
    meterbook.subscription_day_start(m.customer_id, m.subscription_id, m.starts) AS starts_at,
    meterbook.subscription_day_start(m.customer_id, m.subscription_id, m.ends) AS ends_at
FROM unnest($1::bigint[], $2::bigint[]) AS n (customer_id, subscription_id)
JOIN meterbook.membership AS m ON m.customer_id = n.customer_id AND m.subscription_id = n.subscription_id
ORDER BY m.subscription_id, m.account_id, m.starts
