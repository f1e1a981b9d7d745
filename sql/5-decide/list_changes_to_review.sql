-- grain:  pending changes to one of some plans
-- params: $1 plans
-- locks:  none
SELECT c.change_id, s.key, c.plan_id, c.takes_effect
FROM meterbook.plan_change AS c
JOIN meterbook.subscription AS s ON s.customer_id = c.customer_id AND s.subscription_id = c.subscription_id
WHERE c.status = 'announced' AND c.plan_id = ANY ($1::integer[])
ORDER BY c.customer_id, c.subscription_id
