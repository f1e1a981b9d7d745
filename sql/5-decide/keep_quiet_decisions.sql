-- grain:  at least one row: plan and why its decisions change nothing. These it keeps, as a block; of those that may change something, without a reason, it returns the keys
-- params: $1 as-of date, $2 and $3 the last customer and subscription done, $4 last customer of the range, $5 most subscriptions, $6 run, $7 month, $8 plans with $9 least and $10 most figures, $11 meters, $12 where the months of the window begin and the last one ends, $13 whether the figure is their mean, $14 whether each month has to say so, $15 the last day on which a long enough history begins, $16 what sums have to lie below, $17 rule, $18 reason where the plan holds the figure, $19 catalog, $20 watermark, $21 plans' most figures that they hold, $22 reason where no plan holds it
-- locks:  none but the new rows
-- Whom it looks for, and why no sum passes 64 bits, QuietTerms says. It is planned with its parameters as constants: so the months that the
-- window does not have are left out before it runs. Nothing rests on the order of the arrays. It goes through the indexes side by side and ends with the last
-- subscription of the batch: see join_side_by_side. A run is 'running' for as long as nobody has taken over: see
-- bound_batch.
WITH judged AS MATERIALIZED (
    SELECT u.plan_id, u.reason, count(*)::integer AS subscriptions, min(u.customer_id) AS first_customer_id,
        max(u.customer_id) AS last_customer_id, min(u.subscription_id) AS least_subscription_id,
        max(u.subscription_id) AS greatest_subscription_id,
        array_agg(u.customer_id) AS customer_ids, array_agg(u.subscription_id) AS subscription_ids,
        array_agg(u.upward) AS figure_sums,
        array_agg(u.counted_1)
            || CASE WHEN cardinality($12::date[]) > 2 THEN array_agg(u.counted_2) END
            || CASE WHEN cardinality($12::date[]) > 3 THEN array_agg(u.counted_3) END
            || CASE WHEN cardinality($12::date[]) > 4 THEN array_agg(u.counted_4) END
            || CASE WHEN cardinality($12::date[]) > 5 THEN array_agg(u.counted_5) END
            || CASE WHEN cardinality($12::date[]) > 6 THEN array_agg(u.counted_6) END
            || CASE WHEN cardinality($12::date[]) > 7 THEN array_agg(u.counted_7) END
            || CASE WHEN cardinality($12::date[]) > 8 THEN array_agg(u.counted_8) END
            || CASE WHEN cardinality($12::date[]) > 9 THEN array_agg(u.counted_9) END
            || CASE WHEN cardinality($12::date[]) > 10 THEN array_agg(u.counted_10) END
            || CASE WHEN cardinality($12::date[]) > 11 THEN array_agg(u.counted_11) END
            || CASE WHEN cardinality($12::date[]) > 12 THEN array_agg(u.counted_12) END
            AS counted
    FROM (
        SELECT w.*, CASE WHEN $13 THEN w.total WHEN $14 THEN w.smallest ELSE w.largest END AS upward,
            CASE
                WHEN w.is_known AND w.total < $16
                    AND CASE WHEN $13 THEN w.total WHEN $14 THEN w.smallest ELSE w.largest END <= w.most
                    AND CASE WHEN $13 THEN w.total ELSE w.largest END >= w.least
                THEN CASE
                    WHEN CASE WHEN $13 THEN w.total WHEN $14 THEN w.smallest ELSE w.largest END <= w.held THEN $18
                    ELSE $22
                END
            END AS reason
        FROM (
            SELECT v.*,
                CASE cardinality($12::date[])
                    WHEN 2 THEN v.counted_1
                    WHEN 3 THEN v.counted_1 + v.counted_2
                    WHEN 4 THEN v.counted_1 + v.counted_2 + v.counted_3
                    WHEN 5 THEN v.counted_1 + v.counted_2 + v.counted_3 + v.counted_4
                    WHEN 6 THEN v.counted_1 + v.counted_2 + v.counted_3 + v.counted_4 + v.counted_5
                    WHEN 7 THEN v.counted_1 + v.counted_2 + v.counted_3 + v.counted_4 + v.counted_5 + v.counted_6
                    WHEN 8 THEN v.counted_1 + v.counted_2 + v.counted_3 + v.counted_4 + v.counted_5 + v.counted_6
                        + v.counted_7
                    WHEN 9 THEN v.counted_1 + v.counted_2 + v.counted_3 + v.counted_4 + v.counted_5 + v.counted_6
                        + v.counted_7 + v.counted_8
                    WHEN 10 THEN v.counted_1 + v.counted_2 + v.counted_3 + v.counted_4 + v.counted_5 + v.counted_6
                        + v.counted_7 + v.counted_8 + v.counted_9
                    WHEN 11 THEN v.counted_1 + v.counted_2 + v.counted_3 + v.counted_4 + v.counted_5 + v.counted_6
                        + v.counted_7 + v.counted_8 + v.counted_9 + v.counted_10
                    WHEN 12 THEN v.counted_1 + v.counted_2 + v.counted_3 + v.counted_4 + v.counted_5 + v.counted_6
                        + v.counted_7 + v.counted_8 + v.counted_9 + v.counted_10 + v.counted_11
                    WHEN 13 THEN v.counted_1 + v.counted_2 + v.counted_3 + v.counted_4 + v.counted_5 + v.counted_6
                        + v.counted_7 + v.counted_8 + v.counted_9 + v.counted_10 + v.counted_11 + v.counted_12
                END AS total,
                CASE WHEN $14 THEN least(
                    v.counted_1, v.counted_2, v.counted_3, v.counted_4, v.counted_5, v.counted_6,
                    v.counted_7, v.counted_8, v.counted_9, v.counted_10, v.counted_11, v.counted_12) END AS smallest,
                CASE WHEN NOT $13 THEN greatest(
                    v.counted_1, v.counted_2, v.counted_3, v.counted_4, v.counted_5, v.counted_6,
                    v.counted_7, v.counted_8, v.counted_9, v.counted_10, v.counted_11, v.counted_12) END AS largest
            FROM (
                SELECT s.customer_id, s.subscription_id, s.plan_id, ($9::bigint[])[s.step] AS least,
                    ($10::bigint[])[s.step] AS most, ($21::bigint[])[s.step] AS held,
                    s.signed_up <= $15 AND m.subscription_id IS NOT NULL AS is_known,
                    coalesce(t.counted_1, 0) AS counted_1,
                    CASE WHEN cardinality($12::date[]) > 2 THEN coalesce(t.counted_2, 0) END AS counted_2,
                    CASE WHEN cardinality($12::date[]) > 3 THEN coalesce(t.counted_3, 0) END AS counted_3,
                    CASE WHEN cardinality($12::date[]) > 4 THEN coalesce(t.counted_4, 0) END AS counted_4,
                    CASE WHEN cardinality($12::date[]) > 5 THEN coalesce(t.counted_5, 0) END AS counted_5,
                    CASE WHEN cardinality($12::date[]) > 6 THEN coalesce(t.counted_6, 0) END AS counted_6,
                    CASE WHEN cardinality($12::date[]) > 7 THEN coalesce(t.counted_7, 0) END AS counted_7,
                    CASE WHEN cardinality($12::date[]) > 8 THEN coalesce(t.counted_8, 0) END AS counted_8,
                    CASE WHEN cardinality($12::date[]) > 9 THEN coalesce(t.counted_9, 0) END AS counted_9,
                    CASE WHEN cardinality($12::date[]) > 10 THEN coalesce(t.counted_10, 0) END AS counted_10,
                    CASE WHEN cardinality($12::date[]) > 11 THEN coalesce(t.counted_11, 0) END AS counted_11,
                    CASE WHEN cardinality($12::date[]) > 12 THEN coalesce(t.counted_12, 0) END AS counted_12
                FROM (
                    SELECT s.customer_id, s.subscription_id, s.plan_id, s.signed_up,
                        array_position($8::integer[], s.plan_id) AS step
                    FROM meterbook.subscription AS s
                    WHERE (s.customer_id, s.subscription_id) > ($2, $3) AND s.customer_id <= $4
                        AND s.plan_id = ANY ($8::integer[]) AND s.starts <= $1 AND (s.ends IS NULL OR s.ends > $1)
                        AND NOT EXISTS (
                            SELECT FROM meterbook.plan_decision AS d
                            WHERE d.customer_id = s.customer_id AND d.subscription_id = s.subscription_id
                                AND d.month = $7 AND d.customer_id >= $2 AND d.customer_id <= $4)
                        AND NOT EXISTS (
                            SELECT FROM (
                                SELECT unnest(b.customer_ids) AS customer_id,
                                    unnest(b.subscription_ids) AS subscription_id
                                FROM meterbook.decision_block AS b
                                WHERE b.month = $7 AND b.first_customer_id <= $4
                                    AND (b.last_customer_id, b.greatest_subscription_id) > ($2, $3)
                            ) AS q
                            WHERE q.customer_id = s.customer_id AND q.subscription_id = s.subscription_id)
                    ORDER BY s.customer_id, s.subscription_id
                    LIMIT $5
                ) AS s
                LEFT JOIN (
                    SELECT customer_id, subscription_id FROM meterbook.membership
                    WHERE starts <= $15 AND customer_id >= $2 AND customer_id <= $4
                    GROUP BY customer_id, subscription_id
                ) AS m ON m.customer_id = s.customer_id AND m.subscription_id = s.subscription_id
                LEFT JOIN (
                    SELECT customer_id, subscription_id,
                        meterbook.total(quantity) FILTER (WHERE start < ($12::date[])[2]) AS counted_1,
                        CASE WHEN cardinality($12::date[]) > 2 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[2] AND start < ($12::date[])[3]) END AS counted_2,
                        CASE WHEN cardinality($12::date[]) > 3 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[3] AND start < ($12::date[])[4]) END AS counted_3,
                        CASE WHEN cardinality($12::date[]) > 4 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[4] AND start < ($12::date[])[5]) END AS counted_4,
                        CASE WHEN cardinality($12::date[]) > 5 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[5] AND start < ($12::date[])[6]) END AS counted_5,
                        CASE WHEN cardinality($12::date[]) > 6 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[6] AND start < ($12::date[])[7]) END AS counted_6,
                        CASE WHEN cardinality($12::date[]) > 7 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[7] AND start < ($12::date[])[8]) END AS counted_7,
                        CASE WHEN cardinality($12::date[]) > 8 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[8] AND start < ($12::date[])[9]) END AS counted_8,
                        CASE WHEN cardinality($12::date[]) > 9 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[9] AND start < ($12::date[])[10]) END AS counted_9,
                        CASE WHEN cardinality($12::date[]) > 10 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[10] AND start < ($12::date[])[11]) END AS counted_10,
                        CASE WHEN cardinality($12::date[]) > 11 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[11] AND start < ($12::date[])[12]) END AS counted_11,
                        CASE WHEN cardinality($12::date[]) > 12 THEN meterbook.total(quantity)
                            FILTER (WHERE start >= ($12::date[])[12] AND start < ($12::date[])[13]) END AS counted_12
                    FROM (
                        SELECT customer_id, subscription_id, start, least(quantity, $16::bigint) AS quantity
                        FROM meterbook.usage_total
                        WHERE CASE WHEN cardinality($11::integer[]) = 1 THEN meter_id = ($11::integer[])[1]
                            ELSE meter_id = ANY ($11::integer[]) END
                            AND customer_id >= $2 AND customer_id <= $4
                            AND start >= ($12::date[])[1] AND start < ($12::date[])[cardinality($12::date[])]
                    ) AS slice
                    GROUP BY customer_id, subscription_id
                ) AS t ON t.customer_id = s.customer_id AND t.subscription_id = s.subscription_id
            ) AS v
            -- So that each of these is worked out once, and not wherever it is named.
            OFFSET 0
        ) AS w
    ) AS u
    GROUP BY u.plan_id, u.reason
), kept AS (
    INSERT INTO meterbook.decision_block (
        first_customer_id, least_subscription_id, month, last_customer_id, greatest_subscription_id, rule, decided_on, catalog_id, plan_id, reason,
        window_starts, months, figure_months, watermark, run_id, subscriptions, customer_ids, subscription_ids,
        figure_sums, counted)
    SELECT j.first_customer_id, j.least_subscription_id, $7, j.last_customer_id, j.greatest_subscription_id, $17, $1, $19, j.plan_id, j.reason,
        ($12::date[])[1], cardinality($12::date[]) - 1, CASE WHEN $13 THEN cardinality($12::date[]) - 1 ELSE 1 END, $20, $6,
        j.subscriptions, j.customer_ids, j.subscription_ids, j.figure_sums, j.counted
    FROM judged AS j
    WHERE j.reason IS NOT NULL
)
SELECT r.status = 'running' AS is_ours, j.reason IS NOT NULL AS is_quiet, j.subscriptions, j.last_customer_id,
    (
        SELECT max(j.subscription_ids[p]) FROM unnest(array_positions(j.customer_ids, j.last_customer_id)) AS p
    ) AS last_subscription_id,
    CASE WHEN j.reason IS NULL THEN j.customer_ids END AS customers,
    CASE WHEN j.reason IS NULL THEN j.subscription_ids END AS subscribed
FROM meterbook.run AS r
LEFT JOIN judged AS j ON true
WHERE r.run_id = $6
