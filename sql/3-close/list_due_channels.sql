-- grain:  one row a subscription of a range of customers that is due, source, account and channel that was often there and not on all days of its source
-- params: $1 and $2 first and last customer, $3 first day, $4 first day after, $5 sources, $6 how many days each delivered, $7 fewest days, $8 as-of date, $9 plans, $10 meter of each
-- locks:  none
-- Days are bits, 62 a block, as in list_channel_days. Day by day only the readings of these customers are looked at.
WITH due AS MATERIALIZED (
    SELECT o.customer_id, o.subscription_id, o.ends AS period_ends, t.plan_id, m.account_id, m.starts, m.ends
    FROM meterbook.open_period AS o
    JOIN meterbook.subscription AS t USING (customer_id, subscription_id)
    JOIN meterbook.membership AS m USING (customer_id, subscription_id)
    WHERE o.customer_id >= $1 AND o.customer_id <= $2 AND o.ends <= $8
), counted AS MATERIALIZED (
    SELECT p.source, r.account_id, r.channel_id, r.meter_id, n.place / 62 AS block,
        bit_or(1::bigint << (n.place % 62)) AS days
    FROM generate_series(0, $4::date - $3::date - 1) AS n (place)
    CROSS JOIN LATERAL (
        SELECT r.account_id, r.channel_id, r.meter_id, r.pull_id
        FROM meterbook.reading AS r
        WHERE r.day = $3::date + n.place AND r.customer_id >= $1 AND r.customer_id <= $2
        OFFSET 0
    ) AS r
    JOIN meterbook.pull AS p USING (pull_id)
    WHERE p.source = ANY ($5::text[]) AND r.account_id IN (SELECT account_id FROM due)
    GROUP BY p.source, r.account_id, r.channel_id, r.meter_id, block
), fed AS (
    SELECT d.customer_id, d.subscription_id, d.period_ends, d.account_id, d.starts, d.ends, c.source, c.channel_id, c.block,
        bit_or(c.days) AS days
    FROM counted AS c
    JOIN due AS d USING (account_id)
    JOIN unnest($9::integer[], $10::integer[]) AS u (plan_id, meter_id)
        ON u.plan_id = d.plan_id AND u.meter_id = c.meter_id
    GROUP BY d.customer_id, d.subscription_id, d.period_ends, d.account_id, d.starts, d.ends, c.source, c.channel_id, c.block
), lacking AS (
    SELECT f.customer_id, f.subscription_id, f.period_ends, f.account_id, f.starts, f.ends, f.source, f.channel_id,
        array_agg(f.block ORDER BY f.block) AS blocks, array_agg(f.days ORDER BY f.block) AS days
    FROM fed AS f
    JOIN unnest($5::text[], $6::bigint[]) AS n (source, days) USING (source)
    GROUP BY f.customer_id, f.subscription_id, f.period_ends, f.account_id, f.starts, f.ends, f.source, f.channel_id, n.days
    HAVING sum(bit_count(f.days::bit(64))) < n.days AND sum(bit_count(f.days::bit(64))) >= $7
)
SELECT l.subscription_id, l.source, l.account_id, l.channel_id, a.key AS account, k.key AS channel, k.category, l.starts, l.ends,
    l.blocks, l.days, EXISTS (
        SELECT FROM meterbook.released_gap AS g
        WHERE g.customer_id = l.customer_id AND g.subscription_id = l.subscription_id AND g.period_ends = l.period_ends
    ) AS is_released
FROM lacking AS l
JOIN meterbook.account AS a USING (account_id)
JOIN meterbook.channel AS k USING (channel_id)
ORDER BY l.subscription_id, l.source COLLATE "C", a.key COLLATE "C", k.key COLLATE "C", k.category COLLATE "C"
