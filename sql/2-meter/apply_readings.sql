-- grain:  landed readings of a range of days
-- params: $1 first day, $2 first day after, $3 pull, $4 meters of which only some readings or their order count, $5 those whose readings hold until the next one, $6 first and $7 last customer of all that has landed
-- locks:  row locks on changed readings; the run lock keeps other writers out
-- Only what differs is written: a reading that says what is known already costs one look and no lock. Each table is told the
-- range of customers: of several sessions none reads what belongs to the others.
WITH delta AS MATERIALIZED (
    SELECT l.day, l.customer_id, l.subscription_id, l.account_id, l.channel_id, l.meter_id, l.slice_start, l.quantity,
        r.quantity AS known, r.pull_id AS known_pull
    FROM landed_reading AS l
    LEFT JOIN meterbook.reading AS r
        ON r.day = l.day AND r.customer_id = l.customer_id AND r.account_id = l.account_id
        AND r.channel_id = l.channel_id AND r.meter_id = l.meter_id AND r.day >= $1 AND r.day < $2
        AND r.customer_id >= $6 AND r.customer_id <= $7
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
), change AS (
    INSERT INTO landed_change (customer_id, subscription_id, meter_id, start, quantity)
    SELECT customer_id, subscription_id, meter_id, slice_start, sum(quantity - coalesce(known, 0))::bigint
    FROM delta
    WHERE slice_start IS NOT NULL
    GROUP BY customer_id, subscription_id, meter_id, slice_start
), held AS (
    INSERT INTO meterbook.month_reading AS h (account_id, meter_id, channel_id, month, day, customer_id)
    SELECT DISTINCT ON (account_id, meter_id, channel_id, month)
        d.account_id, d.meter_id, d.channel_id, date_trunc('month', d.day)::date AS month, d.day, d.customer_id
    FROM delta AS d
    WHERE d.known IS NULL AND d.meter_id = ANY ($5::integer[])
    ORDER BY account_id, meter_id, channel_id, month, d.day DESC
    ON CONFLICT (account_id, meter_id, channel_id, month) DO UPDATE
        SET day = excluded.day, customer_id = excluded.customer_id WHERE h.day < excluded.day
), earliest AS (
    -- A level outlives a membership: what changes on a day changes every subscription that the account belonged to later.
    SELECT m.customer_id, m.subscription_id, min(greatest(d.day, m.starts)) AS day
    FROM (
        SELECT account_id, min(day) AS day FROM delta WHERE meter_id = ANY ($4::integer[]) GROUP BY account_id
    ) AS d
    JOIN meterbook.membership AS m ON m.account_id = d.account_id AND (m.ends IS NULL OR m.ends > d.day)
    GROUP BY m.customer_id, m.subscription_id
), moved AS (
    UPDATE meterbook.meter_progress AS p SET until = e.day, due = e.day
    FROM earliest AS e
    WHERE p.customer_id = e.customer_id AND p.subscription_id = e.subscription_id AND p.until > e.day
)
SELECT (SELECT count(*) FROM delta WHERE known IS NULL) AS new,
    (SELECT count(*) FROM delta WHERE known IS NOT NULL) AS changed
