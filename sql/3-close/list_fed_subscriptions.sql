-- grain:  subscription of a range of customers that is due and whose plan counts what a source delivered around some days
-- params: $1 and $2 first and last customer, $3 source, $4 first day, $5 first day after, $6 as-of date, $7 plans, $8 meter of each
-- locks:  none
-- Whether a person let the period go stands beside it.
SELECT s.subscription_id, EXISTS (
        SELECT FROM meterbook.released_gap AS g
        WHERE g.customer_id = s.customer_id AND g.subscription_id = s.subscription_id AND g.period_ends = s.ends
    ) AS is_released
FROM (
    SELECT DISTINCT m.customer_id, m.subscription_id, o.ends
    FROM meterbook.reading AS r
    JOIN meterbook.pull AS p ON p.pull_id = r.pull_id AND p.source = $3
    JOIN meterbook.membership AS m
        ON m.customer_id = r.customer_id AND m.account_id = r.account_id AND r.day >= m.starts
        AND (m.ends IS NULL OR r.day < m.ends)
    JOIN meterbook.open_period AS o
        ON o.customer_id = m.customer_id AND o.subscription_id = m.subscription_id AND o.ends <= $6
    JOIN meterbook.subscription AS t ON t.customer_id = m.customer_id AND t.subscription_id = m.subscription_id
    JOIN unnest($7::integer[], $8::integer[]) AS n (plan_id, meter_id)
        ON n.plan_id = t.plan_id AND n.meter_id = r.meter_id
    WHERE r.day >= $4 AND r.day < $5 AND r.customer_id >= $1 AND r.customer_id <= $2
) AS s
