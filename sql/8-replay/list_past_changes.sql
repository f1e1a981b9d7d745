-- grain:  changes of plan of a batch, whatever became of them, in order
-- params: $1 and $2 the last customer and subscription done, $3 and $4 the last ones of the batch
-- locks:  none
SELECT subscription_id, takes_effect, was_plan_id, plan_id, was_pays_every, was_paid_from, pays_every, is_at_once, status,
    origin, announced_run, settled_run, catalog_id, watermark, engine
FROM meterbook.plan_change
WHERE (customer_id, subscription_id) > ($1, $2) AND (customer_id, subscription_id) <= ($3, $4)
ORDER BY customer_id, subscription_id, takes_effect, change_id
