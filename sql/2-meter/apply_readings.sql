-- grain:  landed readings of a range of days
-- params: $1 first day, $2 first day after, $3 pull
-- locks:  row locks on changed readings and totals; the run lock keeps other writers out
-- Only what differs is written: a reading that says what is known already costs one look and no lock.
WITH delta AS MATERIALIZED (
    SELECT l.day, l.customer_id, l.subscription_id, l.account_id, l.channel_id, l.meter_id, l.slice_start, l.quantity,
        r.quantity AS known, r.pull_id AS known_pull
    FROM landed_reading AS l
    LEFT JOIN meterbook.reading AS r
        ON r.day = l.day AND r.customer_id = l.customer_id AND r.account_id = l.account_id
        AND r.channel_id = l.channel_id AND r.meter_id = l.meter_id AND r.day >= $1 AND r.day < $2
    WHERE l.day >= $1 AND l.day < $2 AND l.verdict IS NULL AND r.quantity IS DISTINCT FROM l.quantity
), superseded AS (
    INSERT INTO meterbook.reading_superseded
        (day, customer_id, account_id, channel_id, meter_id, quantity, pull_id, superseded_by)
    SELECT day, customer_id, account_id, channel_id, meter_id, known, known_pull, $3 FROM delta
    WHERE known IS NOT NULL
), restated AS (
    UPDATE meterbook.reading AS r SET quantity = d.quantity, pull_id = $3
    FROM delta AS d
    WHERE d.known IS NOT NULL AND r.day = d.day AND r.customer_id = d.customer_id AND r.account_id = d.account_id
        AND r.channel_id = d.channel_id AND r.meter_id = d.meter_id AND r.day >= $1 AND r.day < $2
    RETURNING 1
), added AS (
    INSERT INTO meterbook.reading (day, customer_id, account_id, channel_id, meter_id, quantity, pull_id)
    SELECT day, customer_id, account_id, channel_id, meter_id, quantity, $3 FROM delta
    WHERE known IS NULL
    ORDER BY day, customer_id, account_id, channel_id, meter_id
    RETURNING 1
), change AS MATERIALIZED (
    SELECT customer_id, subscription_id, meter_id, slice_start AS start,
        sum(quantity - coalesce(known, 0))::bigint AS quantity
    FROM delta
    GROUP BY customer_id, subscription_id, meter_id, slice_start
), lowered AS (
    -- Apart from the others, since a row of a negative quantity could not even be proposed to INSERT. What goes down is
    -- there; a slice begins in the month of its days, which bounds the partitions to look at.
    UPDATE meterbook.usage_total AS t SET quantity = t.quantity + c.quantity, pull_id = $3
    FROM change AS c
    WHERE c.quantity < 0 AND t.customer_id = c.customer_id AND t.subscription_id = c.subscription_id
        AND t.meter_id = c.meter_id AND t.start = c.start AND t.start > $1::date - 31 AND t.start < $2
), totalled AS (
    INSERT INTO meterbook.usage_total AS t (customer_id, subscription_id, meter_id, start, quantity, pull_id)
    SELECT customer_id, subscription_id, meter_id, start, quantity, $3 FROM change
    WHERE quantity >= 0
    ORDER BY customer_id, subscription_id, meter_id, start
    ON CONFLICT (customer_id, subscription_id, meter_id, start) DO UPDATE
        SET quantity = t.quantity + excluded.quantity, pull_id = excluded.pull_id
), late AS (
    INSERT INTO meterbook.late_usage AS u (customer_id, subscription_id, meter_id, start, pull_id)
    SELECT c.customer_id, c.subscription_id, c.meter_id, c.start, $3
    FROM change AS c
    JOIN meterbook.subscription AS s ON s.customer_id = c.customer_id AND s.subscription_id = c.subscription_id
    LEFT JOIN meterbook.open_period AS o ON o.customer_id = c.customer_id AND o.subscription_id = c.subscription_id
    WHERE (c.start < o.starts AND o.starts > s.starts)
        -- One that has ended has no open period: late is what counted in one of its periods.
        OR (o.subscription_id IS NULL AND EXISTS (
            SELECT FROM meterbook.billing_period AS b
            WHERE b.customer_id = c.customer_id AND b.subscription_id = c.subscription_id AND b.ends > c.start
                AND b.starts < s.ends))
    ON CONFLICT (customer_id, subscription_id, meter_id, start) DO UPDATE SET pull_id = excluded.pull_id
    RETURNING 1
)
SELECT (SELECT count(*) FROM added) AS new, (SELECT count(*) FROM restated) AS changed,
    (SELECT count(*) FROM late) AS late
