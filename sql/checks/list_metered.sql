-- grain:  one row a subscription whose totals of single periods are kept, in order
-- params: $1 and $2 the last customer and subscription done, $3 most rows
-- locks:  none
SELECT s.customer_id, s.subscription_id, s.key, s.plan_id, s.anchor, s.signed_up, s.starts, s.ends, p.until,
    (
        SELECT coalesce(array_agg(c.was_plan_id) || array_agg(c.plan_id), '{}') FROM meterbook.plan_change AS c
        WHERE c.customer_id = s.customer_id AND c.subscription_id = s.subscription_id
            AND c.status IN ('announced', 'applied')
    ) || s.plan_id AS plans
FROM meterbook.meter_progress AS p
JOIN meterbook.subscription AS s ON s.customer_id = p.customer_id AND s.subscription_id = p.subscription_id
WHERE (p.customer_id, p.subscription_id) > ($1, $2)
ORDER BY p.customer_id, p.subscription_id
LIMIT $3
