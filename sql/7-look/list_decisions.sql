-- grain:  decisions of a subscription, the latest first
-- params: $1 customer, $2 subscription, $3 month or NULL for all, $4 most rows
-- locks:  none
SELECT d.month, d.rule, d.decided_on, d.catalog_id, p.key AS plan, d.outcome, d.reason, t.key AS target,
    d.window_starts, d.counted, d.figure_sum, d.figure_months, d.watermark, c.takes_effect, c.status, c.settled_on
FROM meterbook.decision AS d
JOIN meterbook.plan AS p ON p.plan_id = d.plan_id
LEFT JOIN meterbook.plan AS t ON t.plan_id = d.target_plan_id
LEFT JOIN meterbook.plan_change AS c
    ON c.customer_id = d.customer_id AND c.subscription_id = d.subscription_id AND c.month = d.month
WHERE d.customer_id = $1 AND d.subscription_id = $2 AND d.first_customer_id <= $1 AND d.last_customer_id >= $1
    AND ($3::date IS NULL OR d.month = $3)
ORDER BY d.month DESC
LIMIT $4
