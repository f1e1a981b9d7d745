-- grain:  changes of one subscription, in order
-- params: $1 customer, $2 subscription
-- locks:  none
SELECT c.change_id, c.takes_effect, w.key AS was_plan, p.key AS plan, c.was_pays_every, c.pays_every, c.origin, c.rule,
    c.status, c.announced_on, c.settled_on, c.catalog_id IS NOT NULL AS is_invoiced
FROM meterbook.plan_change AS c
JOIN meterbook.plan AS w ON w.plan_id = c.was_plan_id
JOIN meterbook.plan AS p ON p.plan_id = c.plan_id
WHERE c.customer_id = $1 AND c.subscription_id = $2
ORDER BY c.change_id
