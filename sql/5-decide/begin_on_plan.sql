-- grain:  one change before anything of its subscription was invoiced
-- params: $1 customer, $2 subscription, $3 change, $4 as-of date, $5 run, $6 plan, $7 how often it is paid or NULL for as before, then of the first period: $8 number, $9 start, $10 end, $11 first day whose usage counts
-- locks:  row locks on the change, its subscription and the open period
-- What it pays for is counted from its anchor date, as if it had come with the plan.
WITH applied AS (
    UPDATE meterbook.plan_change SET status = 'applied', settled_on = $4, settled_run = $5
    WHERE customer_id = $1 AND subscription_id = $2 AND change_id = $3
), opened AS (
    UPDATE meterbook.open_period SET number = $8, starts = $9, ends = $10, counts_from = $11
    WHERE customer_id = $1 AND subscription_id = $2
)
UPDATE meterbook.subscription AS s
SET plan_id = $6, said_plan_id = nullif(coalesce(s.said_plan_id, s.plan_id), $6),
    pays_every = coalesce($7, s.pays_every),
    said_pays_every = CASE
        WHEN $7::text IS NULL THEN s.said_pays_every ELSE nullif(coalesce(s.said_pays_every, s.pays_every), $7)
    END
WHERE s.customer_id = $1 AND s.subscription_id = $2
