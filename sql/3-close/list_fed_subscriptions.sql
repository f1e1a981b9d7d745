-- grain:  subscription of a range of customers that is due and whose plan counts what a source delivered on some days
-- params: $1 and $2 first and last customer, $3 source, $4 days, $5 for each of them a mark, $6 as-of date, $7 plans, $8 meter of each
-- locks:  none
-- With the marks of the days on which the source fed it. Each day is read once for the whole range, for one reading a day
-- is cheaper to read than a subscription without any is to look up. Whether a person let the period go stands beside it.
SELECT o.subscription_id, EXISTS (
        SELECT FROM meterbook.released_gap AS g
        WHERE g.customer_id = o.customer_id AND g.subscription_id = o.subscription_id AND g.period_ends = o.ends
    ) AS is_released, f.marks
FROM (
    SELECT m.customer_id, m.subscription_id, array_agg(DISTINCT r.mark) AS marks
    FROM (
        SELECT r.customer_id, r.account_id, r.meter_id, d.day, d.mark
        FROM unnest($4::date[], $5::integer[]) AS d (day, mark)
        JOIN meterbook.reading AS r ON r.day = d.day
        WHERE r.customer_id >= $1 AND r.customer_id <= $2
            AND r.pull_id IN (SELECT p.pull_id FROM meterbook.pull AS p WHERE p.source = $3)
    ) AS r
    JOIN meterbook.membership AS m ON m.customer_id = r.customer_id AND m.account_id = r.account_id
        AND m.starts <= r.day AND (m.ends IS NULL OR r.day < m.ends)
    JOIN meterbook.subscription AS t ON t.customer_id = m.customer_id AND t.subscription_id = m.subscription_id
    WHERE m.customer_id >= $1 AND m.customer_id <= $2 AND t.customer_id >= $1 AND t.customer_id <= $2
        AND (t.plan_id, r.meter_id) IN (SELECT * FROM unnest($7::integer[], $8::integer[]))
    GROUP BY m.customer_id, m.subscription_id
) AS f
JOIN meterbook.open_period AS o ON o.customer_id = f.customer_id AND o.subscription_id = f.subscription_id
WHERE o.customer_id >= $1 AND o.customer_id <= $2 AND o.ends <= $6
