-- grain:  membership of one of some accounts in a subscription that is due and whose plan counts anything
-- params: $1 accounts, $2 as-of date, $3 plans
-- locks:  none
-- Whether a person let the period go stands beside it.
SELECT m.subscription_id, m.account_id, m.starts, m.ends, EXISTS (
        SELECT FROM meterbook.released_gap AS g
        WHERE g.customer_id = o.customer_id AND g.subscription_id = o.subscription_id AND g.period_ends = o.ends
    ) AS is_released
FROM unnest($1::bigint[]) AS n (account_id)
JOIN meterbook.membership AS m USING (account_id)
JOIN meterbook.open_period AS o
    ON o.customer_id = m.customer_id AND o.subscription_id = m.subscription_id AND o.ends <= $2
JOIN meterbook.subscription AS t ON t.customer_id = m.customer_id AND t.subscription_id = m.subscription_id
WHERE t.plan_id = ANY ($3::integer[])
ORDER BY m.subscription_id, m.account_id, m.starts
