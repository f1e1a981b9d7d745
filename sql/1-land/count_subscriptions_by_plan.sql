-- grain:  one row a plan
-- params: none
-- locks:  none
SELECT p.key, count(s.subscription_id) AS subscriptions, min(o.starts) AS first_open,
    array_agg(DISTINCT s.currency) FILTER (WHERE s.subscription_id IS NOT NULL) AS currencies
FROM meterbook.plan AS p
LEFT JOIN meterbook.subscription AS s USING (plan_id)
LEFT JOIN meterbook.open_period AS o ON o.customer_id = s.customer_id AND o.subscription_id = s.subscription_id
GROUP BY p.key
ORDER BY p.key
