-- grain:  a change that somebody asked for; its number comes back
-- params: $1 customer, $2 subscription, $3 first day on the new plan, $4 plan until then, $5 plan from then on, $6 how often it was paid or NULL, $7 from when that was counted or NULL, $8 how often it is to be paid or NULL, $9 at once, $10 origin, $11 as-of date, $12 run
-- locks:  none but the new row
INSERT INTO meterbook.plan_change
    (customer_id, subscription_id, takes_effect, was_plan_id, plan_id, was_pays_every, was_paid_from, pays_every,
        is_at_once, origin, announced_on, announced_run)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING change_id
