-- grain:  subscriptions of a batch whose open period has passed an announced change
-- params: $1 customers, $2 subscriptions, $3 as-of date, $4 run
-- locks:  row locks on them and their changes
WITH applied AS (
    UPDATE meterbook.plan_change AS c SET status = 'applied', settled_on = $3, settled_run = $4
    FROM unnest($1::bigint[], $2::bigint[]) AS n (customer_id, subscription_id)
    WHERE c.customer_id = n.customer_id AND c.subscription_id = n.subscription_id AND c.status = 'announced'
        AND NOT c.is_at_once
    RETURNING c.customer_id, c.subscription_id, c.takes_effect, c.plan_id, c.pays_every
)
UPDATE meterbook.subscription AS s
SET plan_id = a.plan_id, said_plan_id = nullif(coalesce(s.said_plan_id, s.plan_id), a.plan_id),
    pays_every = coalesce(a.pays_every, s.pays_every),
    paid_from = CASE WHEN a.pays_every IS NULL THEN s.paid_from ELSE a.takes_effect END,
    said_pays_every = CASE
        WHEN a.pays_every IS NULL THEN s.said_pays_every
        ELSE nullif(coalesce(s.said_pays_every, s.pays_every), a.pays_every)
    END
FROM applied AS a
WHERE s.customer_id = a.customer_id AND s.subscription_id = a.subscription_id
