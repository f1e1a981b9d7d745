-- grain:  one row a membership of these subscriptions
-- params: $1 customers, $2 subscriptions, $3 watermark or NULL for now
-- locks:  none
SELECT m.subscription_id, m.account_id, m.starts, m.ends,
    meterbook.known_day_start(m.customer_id, m.subscription_id, m.starts, $3) AS starts_at,
    meterbook.known_day_start(m.customer_id, m.subscription_id, m.ends, $3) AS ends_at
FROM unnest($1::bigint[], $2::bigint[]) AS n (customer_id, subscription_id)
CROSS JOIN LATERAL (
    SELECT k.customer_id, k.subscription_id, k.account_id, k.starts, k.ends FROM meterbook.membership AS k
    WHERE k.customer_id = n.customer_id AND k.subscription_id = n.subscription_id
        AND ($3::bigint IS NULL OR k.pull_id IS NULL OR k.pull_id <= $3)
    UNION ALL
    SELECT k.customer_id, k.subscription_id, k.account_id, k.starts, k.ends FROM meterbook.membership_superseded AS k
    WHERE k.customer_id = n.customer_id AND k.subscription_id = n.subscription_id
        AND (k.pull_id IS NULL OR k.pull_id <= $3) AND k.superseded_by > $3
) AS m
ORDER BY m.subscription_id, m.account_id, m.starts
