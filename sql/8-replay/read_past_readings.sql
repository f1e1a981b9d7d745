-- grain:  subscription and running meter of a batch, with every reading that was ever known in some days as four arrays: days since 1970-01-01, quantities, pulls that brought them, pulls that superseded them
-- params: {first_customer}, {after_customer}, {after_subscription}, {last_customer}, {last_subscription}, {first_day}, {days}: typed literals, since COPY takes no parameters
-- locks:  none
-- Day by day, for that is how the readings' key begins: on each day those of the batch lie side by side, so all batches
-- together read each reading once. A membership may only be extended over readings and never cut, so the current ones say
-- whose each of them is. One that stands is superseded by no pull that there will ever be. The first and the last customer may
-- have subscriptions in other batches. That is asked in a way that the planner has no statistics for: told of both ends twice, it
-- took the batches at the beginning of the table for a few rows, and compared each of their subscriptions with each reading.
COPY (
    SELECT m.customer_id, m.subscription_id, k.meter_id, array_agg((k.day - date '1970-01-01')::bigint) AS days,
        array_agg(k.quantity) AS quantities, array_agg(k.pull_id) AS pulls, array_agg(k.superseded_by) AS superseded
    FROM generate_series(0, {days}::integer - 1) AS d (number)
    CROSS JOIN LATERAL (
        SELECT r.day, r.customer_id, r.account_id, r.meter_id, r.quantity, r.pull_id,
            9223372036854775807 AS superseded_by
        FROM meterbook.reading AS r
        WHERE r.day = {first_day} + d.number AND r.customer_id >= {first_customer}
            AND r.customer_id <= {last_customer}
        UNION ALL
        SELECT o.day, o.customer_id, o.account_id, o.meter_id, o.quantity, o.pull_id, o.superseded_by
        FROM meterbook.reading_superseded AS o
        WHERE o.day = {first_day} + d.number AND o.customer_id >= {first_customer}
            AND o.customer_id <= {last_customer}
    ) AS k
    JOIN meterbook.membership AS m
        ON m.customer_id = k.customer_id AND m.account_id = k.account_id AND k.day >= m.starts
        AND (m.ends IS NULL OR k.day < m.ends)
        AND m.customer_id >= {first_customer} AND m.customer_id <= {last_customer}
    JOIN meterbook.meter AS t ON t.meter_id = k.meter_id AND t.is_running
    WHERE CASE WHEN m.customer_id = {after_customer} THEN m.subscription_id > {after_subscription} ELSE true END
        AND CASE WHEN m.customer_id = {last_customer} THEN m.subscription_id <= {last_subscription} ELSE true END
    GROUP BY m.customer_id, m.subscription_id, k.meter_id
) TO STDOUT (FORMAT binary)
