-- grain:  one row a plan
-- params: none
-- locks:  none
-- Held is also what a subscription changes to, or had at the beginning of its open period: both are still rated.
SELECT p.key, count(s.subscription_id) AS subscriptions, min(o.starts) AS first_open,
    array_agg(DISTINCT s.currency) FILTER (WHERE s.subscription_id IS NOT NULL) AS currencies
FROM meterbook.plan AS p
LEFT JOIN (
    SELECT customer_id, subscription_id, plan_id FROM meterbook.subscription
    UNION
    SELECT customer_id, subscription_id, plan_id FROM meterbook.plan_change WHERE status = 'announced'
    UNION
    SELECT customer_id, subscription_id, was_plan_id FROM meterbook.plan_change WHERE in_open_period
) AS h USING (plan_id)
LEFT JOIN meterbook.subscription AS s ON s.customer_id = h.customer_id AND s.subscription_id = h.subscription_id
LEFT JOIN meterbook.open_period AS o ON o.customer_id = s.customer_id AND o.subscription_id = s.subscription_id
GROUP BY p.key
ORDER BY p.key
