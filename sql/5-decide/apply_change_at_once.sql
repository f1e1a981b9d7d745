-- grain:  one pending change in the midst of a paid period
-- params: $1 customer, $2 subscription, $3 change, $4 as-of date, $5 run, $6 first day whose usage counts, $7 catalog, $8 watermark, $9 engine; the last three NULL without an invoice
-- locks:  row locks on the change, its subscription and the open period
WITH applied AS (
    UPDATE meterbook.plan_change
    SET status = 'applied', settled_on = $4, settled_run = $5, in_open_period = true, catalog_id = $7, watermark = $8,
        engine = $9
    WHERE customer_id = $1 AND subscription_id = $2 AND change_id = $3 AND status = 'announced'
    RETURNING customer_id, subscription_id, plan_id
), counted AS (
    UPDATE meterbook.open_period AS o SET counts_from = least(o.counts_from, $6)
    FROM applied AS a
    WHERE o.customer_id = a.customer_id AND o.subscription_id = a.subscription_id AND o.counts_from > $6
)
UPDATE meterbook.subscription AS s
SET plan_id = a.plan_id, said_plan_id = nullif(coalesce(s.said_plan_id, s.plan_id), a.plan_id)
FROM applied AS a
WHERE s.customer_id = a.customer_id AND s.subscription_id = a.subscription_id
