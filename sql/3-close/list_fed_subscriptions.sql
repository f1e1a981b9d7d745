-- grain:  subscription of a range of customers that is due and whose plan counts what a source delivered around some days
-- params: $1 and $2 first and last customer, $3 source, $4 first day, $5 first day after, $6 as-of date, $7 plans, $8 meter of each
-- locks:  none
-- Whether a person let the period go stands beside it. From the last day backwards the first reading will do: for most it is
-- there at once, and a scan of all readings of the days would be made again for every batch.
SELECT o.subscription_id, EXISTS (
        SELECT FROM meterbook.released_gap AS g
        WHERE g.customer_id = o.customer_id AND g.subscription_id = o.subscription_id AND g.period_ends = o.ends
    ) AS is_released
FROM meterbook.open_period AS o
JOIN meterbook.subscription AS t ON t.customer_id = o.customer_id AND t.subscription_id = o.subscription_id
CROSS JOIN LATERAL (
    SELECT 1 AS found
    FROM meterbook.membership AS m
    CROSS JOIN generate_series($5::date - 1 - $4::date, 0, -1) AS n (back)
    CROSS JOIN LATERAL (
        SELECT r.pull_id, r.meter_id
        FROM meterbook.reading AS r
        WHERE r.day = $4::date + n.back AND r.customer_id = m.customer_id AND r.account_id = m.account_id
        OFFSET 0
    ) AS r
    WHERE m.customer_id = o.customer_id AND m.subscription_id = o.subscription_id AND $4::date + n.back >= m.starts
        AND (m.ends IS NULL OR $4::date + n.back < m.ends)
        AND EXISTS (SELECT FROM meterbook.pull AS p WHERE p.pull_id = r.pull_id AND p.source = $3)
        AND (t.plan_id, r.meter_id) IN (SELECT * FROM unnest($7::integer[], $8::integer[]))
    LIMIT 1
) AS f
WHERE o.customer_id >= $1 AND o.customer_id <= $2 AND o.ends <= $6
