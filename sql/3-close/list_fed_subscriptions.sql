-- grain:  subscription of a range of customers that is due and whose plan counts what a source delivered before it failed
-- params: $1 and $2 first and last customer, $3 source, $4 the last days on which it delivered something, $5 how many days count up to each, $6 as-of date, $7 plans, $8 meter of each, $9 for each of $4 the last of the days that are missing behind it
-- locks:  none
-- Which of the failures they are, by their places in the list: each is looked at by itself, so that a close of one month and a
-- close of many say the same of it, and once, however long it lasted. From its last delivered day backwards the first reading
-- will do: for most it is there at once. Whether a person let the period go stands beside it.
SELECT o.subscription_id, EXISTS (
        SELECT FROM meterbook.released_gap AS g
        WHERE g.customer_id = o.customer_id AND g.subscription_id = o.subscription_id AND g.period_ends = o.ends
    ) AS is_released, f.places
FROM meterbook.open_period AS o
JOIN meterbook.subscription AS t ON t.customer_id = o.customer_id AND t.subscription_id = o.subscription_id
CROSS JOIN LATERAL (
    SELECT array_agg(d.place ORDER BY d.place) AS places
    FROM unnest($4::date[], $9::date[]) WITH ORDINALITY AS d (last, until, place)
    WHERE d.until >= o.starts AND EXISTS (
        SELECT
        FROM generate_series(0, $5::integer - 1) AS n (back)
        CROSS JOIN meterbook.membership AS m
        CROSS JOIN LATERAL (
            SELECT r.pull_id, r.meter_id
            FROM meterbook.reading AS r
            WHERE r.day = d.last - n.back AND r.customer_id = m.customer_id AND r.account_id = m.account_id
            OFFSET 0
        ) AS r
        WHERE m.customer_id = o.customer_id AND m.subscription_id = o.subscription_id AND d.last - n.back >= m.starts
            AND (m.ends IS NULL OR d.last - n.back < m.ends)
            AND EXISTS (SELECT FROM meterbook.pull AS p WHERE p.pull_id = r.pull_id AND p.source = $3)
            AND (t.plan_id, r.meter_id) IN (SELECT * FROM unnest($7::integer[], $8::integer[])))
) AS f
WHERE o.customer_id >= $1 AND o.customer_id <= $2 AND o.ends <= $6 AND f.places IS NOT NULL
