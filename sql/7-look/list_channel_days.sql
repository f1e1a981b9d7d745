-- grain:  one row a source, account and channel that was often there and not on all days of its source
-- params: $1 first day, $2 first day after, $3 customer or NULL, $4 sources, $5 how many days each delivered, $6 fewest days, $7 for each pull, counted from $8, the place of its source among these, or 0
-- locks:  none: one scan of the days
-- Days are bits, 62 a block: an account and channel is one row of the aggregate, however many days are asked for. Its keys are
-- numbers, a pull's source comes out of an array, and no common table is materialized: all of it is done by the parallel
-- workers, row by row of many millions, and a join with the pulls would take as long as the rest.
SELECT l.source, a.key AS account, k.key AS channel, k.category, l.blocks, l.days, l.account_id, l.channel_id
FROM (
    SELECT n.source, c.account_id, c.channel_id, array_agg(c.block ORDER BY c.block) AS blocks,
        array_agg(c.days ORDER BY c.block) AS days
    FROM (
        SELECT ($7::integer[])[(r.pull_id - $8::bigint)::integer + 1] AS place, r.account_id, r.channel_id,
            (r.day - $1::date) / 62 AS block, bit_or(1::bigint << ((r.day - $1::date) % 62)) AS days
        FROM meterbook.reading AS r
        WHERE r.day >= $1 AND r.day < $2 AND ($3::bigint IS NULL OR r.customer_id = $3)
            AND ($7::integer[])[(r.pull_id - $8::bigint)::integer + 1] > 0
        GROUP BY place, r.account_id, r.channel_id, block
    ) AS c
    JOIN unnest($4::text[], $5::bigint[]) WITH ORDINALITY AS n (source, days, place) ON n.place = c.place
    GROUP BY n.source, n.days, c.account_id, c.channel_id
    HAVING sum(bit_count(c.days::bit(64))) < n.days AND sum(bit_count(c.days::bit(64))) >= $6
) AS l
JOIN meterbook.account AS a USING (account_id)
JOIN meterbook.channel AS k USING (channel_id)
ORDER BY l.source COLLATE "C", a.key COLLATE "C", k.key COLLATE "C", k.category COLLATE "C"
