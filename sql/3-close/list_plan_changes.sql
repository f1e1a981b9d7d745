-- grain:  changes of one subscription that have taken effect or will, in order
-- params: $1 customer, $2 subscription
-- locks:  none
SELECT takes_effect, was_plan_id, plan_id, was_pays_every, was_paid_from, pays_every,
    status = 'announced' AS is_pending, is_at_once
FROM meterbook.plan_change
WHERE customer_id = $1 AND subscription_id = $2 AND status IN ('applied', 'announced')
ORDER BY takes_effect, change_id
