-- grain:  one row a source, account and channel that was often there and not on all days of its source
-- params: $1 first day, $2 first day after, $3 customer or NULL, $4 sources, $5 how many days each delivered, $6 fewest days
-- locks:  none: one scan of the days
-- Days are bits, 62 a block: an account and channel is one row of the aggregate, however many days are asked for.
WITH counted AS MATERIALIZED (
    SELECT p.source, r.customer_id, r.account_id, r.channel_id, (r.day - $1::date) / 62 AS block,
        bit_or(1::bigint << ((r.day - $1::date) % 62)) AS days
    FROM meterbook.reading AS r
    JOIN meterbook.pull AS p USING (pull_id)
    WHERE r.day >= $1 AND r.day < $2 AND p.source = ANY ($4::text[]) AND ($3::bigint IS NULL OR r.customer_id = $3)
    GROUP BY p.source, r.customer_id, r.account_id, r.channel_id, block
), lacking AS (
    SELECT c.source, c.account_id, c.channel_id, array_agg(c.block ORDER BY c.block) AS blocks,
        array_agg(c.days ORDER BY c.block) AS days
    FROM counted AS c
    JOIN unnest($4::text[], $5::bigint[]) AS n (source, days) USING (source)
    GROUP BY c.source, c.account_id, c.channel_id, n.days
    HAVING sum(bit_count(c.days::bit(64))) < n.days AND sum(bit_count(c.days::bit(64))) >= $6
)
SELECT l.source, a.key AS account, k.key AS channel, k.category, l.blocks, l.days
FROM lacking AS l
JOIN meterbook.account AS a USING (account_id)
JOIN meterbook.channel AS k USING (channel_id)
ORDER BY l.source COLLATE "C", a.key COLLATE "C", k.key COLLATE "C", k.category COLLATE "C"
