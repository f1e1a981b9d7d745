-- grain:  landed intervals of a range of places
-- params: $1 first place, $2 first place after, $3 pull
-- locks:  row locks on changed intervals and on the progress of their subscriptions; the run lock keeps other writers out
-- Only what differs is written. An off that lies behind the run's window is not known to it: a known one then stands.
WITH landed AS MATERIALIZED (
    SELECT l.customer_id, l.account_id, c.channel_id, l.meter_id, l.on_at,
        CASE WHEN l.off_is_later AND i.account_id IS NOT NULL THEN i.off_at ELSE l.off_at END AS off_at, l.category,
        i.account_id IS NOT NULL AS is_known, i.customer_id AS known_customer, i.off_at AS known_off,
        i.category AS known_category, i.pull_id AS known_pull
    FROM landed_interval AS l
    JOIN meterbook.channel AS c ON c.key = l.channel_key AND c.category = ''
    LEFT JOIN meterbook.connection_interval AS i
        ON i.account_id = l.account_id AND i.channel_id = c.channel_id AND i.meter_id = l.meter_id AND i.on_at = l.on_at
    WHERE l.verdict IS NULL AND l.place >= $1 AND l.place < $2
), delta AS MATERIALIZED (
    SELECT * FROM landed
    WHERE NOT is_known OR ROW(off_at, category) IS DISTINCT FROM ROW(known_off, known_category)
), superseded AS (
    INSERT INTO meterbook.connection_interval_superseded
        (customer_id, account_id, channel_id, meter_id, on_at, off_at, category, pull_id, superseded_by)
    SELECT known_customer, account_id, channel_id, meter_id, on_at, known_off, known_category, known_pull, $3 FROM delta
    WHERE is_known
), restated AS (
    UPDATE meterbook.connection_interval AS i SET off_at = d.off_at, category = d.category, pull_id = $3
    FROM delta AS d
    WHERE d.is_known AND i.account_id = d.account_id AND i.channel_id = d.channel_id AND i.meter_id = d.meter_id
        AND i.on_at = d.on_at
    RETURNING 1
), added AS (
    INSERT INTO meterbook.connection_interval
        (customer_id, account_id, channel_id, meter_id, on_at, off_at, category, pull_id)
    SELECT customer_id, account_id, channel_id, meter_id, on_at, off_at, category, $3 FROM delta
    WHERE NOT is_known
    ORDER BY account_id, channel_id, meter_id, on_at
    RETURNING 1
), earliest AS (
    -- The first day that is different now, for every subscription that the account ever belonged to.
    SELECT m.customer_id, m.subscription_id,
        min((
            CASE
                WHEN d.is_known AND d.category = d.known_category THEN least(d.off_at, d.known_off)
                ELSE d.on_at
            END AT TIME ZONE s.time_zone)::date) AS day
    FROM delta AS d
    JOIN meterbook.membership AS m ON m.account_id = d.account_id
    JOIN meterbook.subscription AS s ON s.customer_id = m.customer_id AND s.subscription_id = m.subscription_id
    GROUP BY m.customer_id, m.subscription_id
), moved AS (
    UPDATE meterbook.meter_progress AS p SET until = e.day, due = e.day
    FROM earliest AS e
    WHERE p.customer_id = e.customer_id AND p.subscription_id = e.subscription_id AND p.until > e.day
)
SELECT (SELECT count(*) FROM landed) AS taken, (SELECT count(*) FROM added) AS new,
    (SELECT count(*) FROM restated) AS changed
