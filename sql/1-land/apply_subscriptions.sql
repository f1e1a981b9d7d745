-- grain:  landed rows of a range of places
-- params: $1 first place, $2 first place after, $3 run, $4 pull
-- locks:  row locks on changed subscriptions, their zones and their open periods
WITH chosen AS (
    SELECT l.*, c.customer_id
    FROM landed_subscription AS l JOIN meterbook.customer AS c ON c.key = l.customer_key
    WHERE l.verdict IS NULL AND l.place >= $1 AND l.place < $2
), inserted AS (
    INSERT INTO meterbook.subscription
        (customer_id, key, plan_id, anchor, signed_up, starts, ends, pays_every, currency, time_zone, contract, coupon,
            coupon_from)
    SELECT customer_id, key, plan_id, anchor, signed_up, starts, ends, pays_every, currency, time_zone, contract, coupon,
        coupon_from
    FROM chosen AS n
    WHERE NOT EXISTS (SELECT FROM meterbook.subscription AS s WHERE s.key = n.key)
    ORDER BY n.place
    RETURNING customer_id, subscription_id, key
), opened AS (
    INSERT INTO meterbook.open_period (customer_id, subscription_id, number, starts, ends, counts_from)
    SELECT i.customer_id, i.subscription_id, n.period_number, n.starts, n.period_ends, n.counts_from
    FROM inserted AS i JOIN chosen AS n ON n.key = i.key
    -- Who left within his trial has no period.
    WHERE n.period_number IS NOT NULL
    ORDER BY i.customer_id, i.subscription_id
), heard AS MATERIALIZED (
    SELECT k.customer_id, k.subscription_id, k.ends AS known_ends, k.contract AS known_contract,
        k.coupon AS known_coupon, k.coupon_from AS known_coupon_from, c.contract, c.coupon, c.coupon_from,
        nullif(c.said_plan_id, k.plan_id) AS said_plan_id, nullif(c.said_pays_every, k.pays_every) AS said_pays_every,
        -- An end that the source has named before is nothing new.
        CASE WHEN h.ends IS DISTINCT FROM c.ends THEN c.ends ELSE k.ends END AS ends,
        CASE WHEN h.ends IS DISTINCT FROM c.ends THEN NULL ELSE k.said_ends END AS said_ends
    FROM chosen AS c
    JOIN meterbook.subscription AS k ON k.customer_id = c.customer_id AND k.key = c.key
    CROSS JOIN LATERAL (
        SELECT CASE WHEN k.said_ends IS NULL THEN k.ends ELSE nullif(k.said_ends, 'infinity') END AS ends
    ) AS h
), superseded AS (
    -- Nothing is closed between two pulls of a run: what held before the first of them is what counts.
    INSERT INTO meterbook.subscription_superseded
        (customer_id, subscription_id, superseded_by, ends, contract, coupon, coupon_from)
    SELECT customer_id, subscription_id, $3, known_ends, known_contract, known_coupon, known_coupon_from FROM heard
    WHERE ROW(known_ends, known_contract, known_coupon, known_coupon_from)
        IS DISTINCT FROM ROW(ends, contract, coupon, coupon_from)
    ON CONFLICT (customer_id, subscription_id, superseded_by) DO NOTHING
), updated AS (
    UPDATE meterbook.subscription AS s
    SET ends = n.ends, contract = n.contract, coupon = n.coupon, coupon_from = n.coupon_from,
        said_plan_id = n.said_plan_id, said_pays_every = n.said_pays_every, said_ends = n.said_ends
    FROM heard AS n
    WHERE s.customer_id = n.customer_id AND s.subscription_id = n.subscription_id
        AND ROW(s.ends, s.contract, s.coupon, s.coupon_from, s.said_plan_id, s.said_pays_every, s.said_ends)
            IS DISTINCT FROM ROW(
                n.ends, n.contract, n.coupon, n.coupon_from, n.said_plan_id, n.said_pays_every, n.said_ends)
    RETURNING s.customer_id, s.subscription_id, s.ends
), ended AS (
    DELETE FROM meterbook.open_period AS o USING updated AS u
    WHERE o.customer_id = u.customer_id AND o.subscription_id = u.subscription_id AND o.starts >= u.ends
), zoned AS MATERIALIZED (
    -- A zone that counts on that day already is no change. A new subscription has its zone from the beginning.
    SELECT s.customer_id, s.subscription_id, n.time_zone_from AS from_day, n.time_zone
    FROM chosen AS n JOIN meterbook.subscription AS s ON s.key = n.key
    WHERE n.time_zone_from IS NOT NULL
        AND n.time_zone <> coalesce((
            SELECT k.time_zone FROM meterbook.subscription_zone AS k
            WHERE k.customer_id = s.customer_id AND k.subscription_id = s.subscription_id
                AND k.from_day <= n.time_zone_from
            ORDER BY k.from_day DESC LIMIT 1), s.time_zone)
), unzoned AS (
    INSERT INTO meterbook.subscription_zone_superseded
        (customer_id, subscription_id, from_day, time_zone, pull_id, superseded_by)
    SELECT k.customer_id, k.subscription_id, k.from_day, k.time_zone, k.pull_id, $4
    FROM meterbook.subscription_zone AS k JOIN zoned USING (customer_id, subscription_id, from_day)
), moved AS (
    INSERT INTO meterbook.subscription_zone AS z (customer_id, subscription_id, from_day, time_zone, pull_id)
    SELECT customer_id, subscription_id, from_day, time_zone, $4 FROM zoned
    ORDER BY customer_id, subscription_id
    ON CONFLICT (customer_id, subscription_id, from_day) DO UPDATE
        SET time_zone = excluded.time_zone, pull_id = excluded.pull_id
    RETURNING customer_id, subscription_id, from_day
), further AS (
    -- Another end has other periods to total, another zone other days; with the first of them ends the one before it.
    UPDATE meterbook.meter_progress AS p SET until = least(p.until, c.day), due = least(p.until, c.day)
    FROM (
        SELECT customer_id, subscription_id, min(day) AS day
        FROM (
            SELECT customer_id, subscription_id, NULL::date AS day FROM updated
            UNION ALL
            SELECT customer_id, subscription_id, from_day - 1 FROM moved
        ) AS x
        GROUP BY customer_id, subscription_id
    ) AS c
    WHERE p.customer_id = c.customer_id AND p.subscription_id = c.subscription_id
)
SELECT (SELECT count(*) FROM chosen) AS taken, (SELECT count(*) FROM inserted) AS new,
    (SELECT count(*) FROM (
        SELECT customer_id, subscription_id FROM updated UNION SELECT customer_id, subscription_id FROM moved
    ) AS x) AS changed
