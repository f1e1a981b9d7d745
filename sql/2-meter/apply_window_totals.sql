-- grain:  one row a changed total of a closed period, with the catalog that this was rated with, or one row of NULLs; each with how many have changed
-- params: $1 watermark, $2 first start, $3 last start
-- locks:  row locks on changed totals; the run lock keeps other writers out
WITH delta AS MATERIALIZED (
    SELECT l.customer_id, l.subscription_id, l.meter_id, l.start, l.ends, l.quantity
    FROM landed_total AS l
    LEFT JOIN meterbook.usage_total AS t
        ON t.customer_id = l.customer_id AND t.subscription_id = l.subscription_id AND t.meter_id = l.meter_id
        AND t.start = l.start AND t.start >= $2 AND t.start <= $3
    WHERE l.quantity <> coalesce(t.quantity, 0)
), totalled AS (
    INSERT INTO meterbook.usage_total AS t (customer_id, subscription_id, meter_id, start, quantity, pull_id)
    SELECT customer_id, subscription_id, meter_id, start, quantity, $1 FROM delta
    ORDER BY customer_id, subscription_id, meter_id, start
    ON CONFLICT (customer_id, subscription_id, meter_id, start) DO UPDATE
        SET quantity = excluded.quantity, pull_id = excluded.pull_id
), closed AS (
    SELECT d.customer_id, d.subscription_id, d.meter_id, d.start, b.catalog_id
    FROM delta AS d
    JOIN meterbook.billing_period AS b
        ON b.customer_id = d.customer_id AND b.subscription_id = d.subscription_id AND b.ends = d.ends
        AND b.starts = d.start
)
SELECT n.changed, c.customer_id, c.subscription_id, c.meter_id, c.start, c.catalog_id
FROM (SELECT count(*) AS changed FROM delta) AS n
LEFT JOIN closed AS c ON true
