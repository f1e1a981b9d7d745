-- grain:  one row a subscription with something to total, in order
-- params: $1 as-of date, $2 and $3 the last customer and subscription done, $4 plans, $5 most rows, $6 run
-- locks:  none
-- A run is 'running' for as long as nobody has taken over from it: see bound_batch.
SELECT s.customer_id, s.subscription_id, s.plan_id, s.anchor, s.starts, s.signed_up, s.ends,
    coalesce(p.until, s.starts) AS until,
    (SELECT r.status = 'running' FROM meterbook.run AS r WHERE r.run_id = $6) AS is_ours,
    coalesce(h.plans, '{}') || s.plan_id AS plans
FROM meterbook.subscription AS s
LEFT JOIN meterbook.meter_progress AS p ON p.customer_id = s.customer_id AND p.subscription_id = s.subscription_id
LEFT JOIN (
    SELECT customer_id, subscription_id, array_agg(was_plan_id) || array_agg(plan_id) AS plans
    FROM meterbook.plan_change WHERE status IN ('announced', 'applied')
    GROUP BY customer_id, subscription_id
) AS h ON h.customer_id = s.customer_id AND h.subscription_id = s.subscription_id
WHERE (s.customer_id, s.subscription_id) > ($2, $3) AND (s.plan_id = ANY ($4::integer[]) OR h.plans && $4::integer[])
    AND CASE WHEN p.subscription_id IS NULL THEN s.starts < $1 ELSE p.due <= $1 END
ORDER BY s.customer_id, s.subscription_id
LIMIT $5
