-- grain:  one row
-- params: $1 as-of date, $2 plans
-- locks:  none
SELECT count(*) FROM meterbook.subscription AS s
LEFT JOIN meterbook.meter_progress AS p ON p.customer_id = s.customer_id AND p.subscription_id = s.subscription_id
LEFT JOIN (
    SELECT customer_id, subscription_id, array_agg(was_plan_id) || array_agg(plan_id) AS plans
    FROM meterbook.plan_change WHERE status IN ('announced', 'applied')
    GROUP BY customer_id, subscription_id
) AS h ON h.customer_id = s.customer_id AND h.subscription_id = s.subscription_id
WHERE (s.plan_id = ANY ($2::integer[]) OR h.plans && $2::integer[]) AND CASE WHEN p.subscription_id IS NULL THEN s.starts < $1 ELSE p.due <= $1 END
