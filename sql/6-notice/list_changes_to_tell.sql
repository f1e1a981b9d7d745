-- grain:  the latest change of plan of each subscription, with its parties and its decision
-- params: $1 customers, $2 subscriptions, $3 statuses of the change
-- locks:  none
SELECT c.customer_id, c.subscription_id, s.key, u.name, w.key AS was_plan, p.key AS plan, c.rule, c.month, c.takes_effect,
    d.window_starts, d.counted, d.figure_sum, d.figure_months, d.outcome, s.anchor
FROM unnest($1::bigint[], $2::bigint[]) AS n (customer_id, subscription_id)
JOIN LATERAL (
    SELECT x.* FROM meterbook.plan_change AS x
    WHERE x.customer_id = n.customer_id AND x.subscription_id = n.subscription_id AND x.status = ANY ($3::text[])
    ORDER BY x.change_id DESC LIMIT 1
) AS c ON true
JOIN meterbook.plan_decision AS d
    ON d.customer_id = c.customer_id AND d.subscription_id = c.subscription_id AND d.month = c.month
JOIN meterbook.subscription AS s ON s.customer_id = c.customer_id AND s.subscription_id = c.subscription_id
JOIN meterbook.customer AS u ON u.customer_id = c.customer_id
JOIN meterbook.plan AS w ON w.plan_id = c.was_plan_id
JOIN meterbook.plan AS p ON p.plan_id = c.plan_id
ORDER BY c.customer_id, c.subscription_id
