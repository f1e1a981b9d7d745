-- grain:  changes that decisions of a batch make
-- params: $1 customers, $2 subscriptions, $3 first days on the new plan, $4 plans until then, $5 plans from then on, $6 rule, $7 month, $8 as-of date, $9 run
-- locks:  none but the new rows
INSERT INTO meterbook.plan_change
    (customer_id, subscription_id, takes_effect, was_plan_id, plan_id, rule, month, announced_on, announced_run)
SELECT customer_id, subscription_id, takes_effect, was_plan_id, plan_id, $6, $7, $8, $9
FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::integer[], $5::integer[])
    AS n (customer_id, subscription_id, takes_effect, was_plan_id, plan_id)
ORDER BY customer_id, subscription_id
