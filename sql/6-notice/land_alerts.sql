-- grain:  subscriptions of a range of customers with an open period and alerts whose totals have changed, or that are due again; one row comes back
-- params: $1 plans, $2 meters, $3 those of them that the meter step totals, $4 watermark, $5 as-of date, $6 first and $7 last customer, $8 plans with a version that takes effect at the renewal, $9 day of the last alerts
-- locks:  the temporary table alone
-- Only the partitions from the first day that still counts are read. The meter step writes with the number of the last
-- pull, so its totals may be newer than alerts of the same watermark.
WITH open AS MATERIALIZED (
    SELECT o.customer_id, o.subscription_id, o.counts_from,
        s.plan_id = ANY ($8::integer[]) AND (o.ends <= $5 OR o.starts > $9) AS is_renewed
    FROM meterbook.open_period AS o
    JOIN meterbook.subscription AS s ON s.customer_id = o.customer_id AND s.subscription_id = o.subscription_id
        AND s.customer_id >= $6 AND s.customer_id <= $7
    LEFT JOIN (
        SELECT customer_id, subscription_id, bool_or(status = 'announced') AS is_pending,
            max(takes_effect) FILTER (WHERE status = 'applied') AS left_on
        FROM meterbook.plan_change
        WHERE (status = 'announced' AND takes_effect <= $5 AND plan_id = ANY ($1::integer[]))
            OR (status = 'applied' AND was_plan_id = ANY ($1::integer[]))
        GROUP BY customer_id, subscription_id
    ) AS c ON c.customer_id = o.customer_id AND c.subscription_id = o.subscription_id
    -- What was counted on a plan that has been left is told of as long as its period is open.
    WHERE (s.plan_id = ANY ($1::integer[]) OR c.is_pending OR c.left_on > o.starts)
        AND o.customer_id >= $6 AND o.customer_id <= $7
), changed AS MATERIALIZED (
    SELECT t.customer_id, t.subscription_id, max(t.pull_id) AS pull_id
    FROM meterbook.usage_total AS t
    WHERE t.meter_id = ANY ($2::integer[]) AND t.start >= (SELECT min(counts_from) FROM open)
        AND t.customer_id >= $6 AND t.customer_id <= $7
        AND (t.pull_id > $4 OR (t.pull_id = $4 AND t.meter_id = ANY ($3::integer[])))
    GROUP BY t.customer_id, t.subscription_id
), landed AS (
    INSERT INTO landed_alert (customer_id, subscription_id)
    SELECT f.customer_id, f.subscription_id
    FROM (
        SELECT customer_id, subscription_id FROM changed
        UNION
        SELECT customer_id, subscription_id FROM meterbook.alert_due
        UNION
        -- Another plan may be reached with the same count.
        SELECT customer_id, subscription_id FROM meterbook.plan_change
        WHERE (status = 'announced' AND takes_effect <= $5) OR (status = 'applied' AND settled_on >= $9)
        UNION
        -- So may another version, which some get with their renewal.
        SELECT customer_id, subscription_id FROM open WHERE is_renewed
    ) AS f
    JOIN open AS o ON o.customer_id = f.customer_id AND o.subscription_id = f.subscription_id
    ORDER BY f.customer_id, f.subscription_id
    RETURNING 1
)
SELECT (SELECT count(*) FROM landed) AS subscriptions, (SELECT max(pull_id) FROM changed) AS watermark
