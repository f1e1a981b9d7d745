-- grain:  landed rows of a range of places
-- params: $1 first place, $2 first place after
-- locks:  row locks on changed subscriptions and their open periods
WITH chosen AS (
    SELECT l.*, c.customer_id
    FROM landed_subscription AS l JOIN meterbook.customer AS c ON c.key = l.customer_key
    WHERE l.verdict IS NULL AND l.place >= $1 AND l.place < $2
), inserted AS (
    INSERT INTO meterbook.subscription
        (customer_id, key, plan_id, anchor, signed_up, starts, ends, pays_every, currency, time_zone)
    SELECT customer_id, key, plan_id, anchor, signed_up, starts, ends, pays_every, currency, time_zone
    FROM chosen AS n
    WHERE NOT EXISTS (SELECT FROM meterbook.subscription AS s WHERE s.key = n.key)
    ORDER BY n.place
    RETURNING customer_id, subscription_id, key
), opened AS (
    INSERT INTO meterbook.open_period (customer_id, subscription_id, number, starts, ends, counts_from)
    SELECT i.customer_id, i.subscription_id, n.period_number, n.starts, n.period_ends, n.counts_from
    FROM inserted AS i JOIN chosen AS n ON n.key = i.key
    ORDER BY i.customer_id, i.subscription_id
), updated AS (
    UPDATE meterbook.subscription AS s SET ends = n.ends FROM chosen AS n
    WHERE s.customer_id = n.customer_id AND s.key = n.key AND s.ends IS DISTINCT FROM n.ends
    RETURNING s.customer_id, s.subscription_id, s.ends
), further AS (
    -- Another end has other periods to total.
    UPDATE meterbook.meter_progress AS p SET due = p.until FROM updated AS u
    WHERE p.customer_id = u.customer_id AND p.subscription_id = u.subscription_id
), ended AS (
    DELETE FROM meterbook.open_period AS o USING updated AS u
    WHERE o.customer_id = u.customer_id AND o.subscription_id = u.subscription_id AND o.starts >= u.ends
)
SELECT (SELECT count(*) FROM chosen) AS taken, (SELECT count(*) FROM inserted) AS new,
    (SELECT count(*) FROM updated) AS changed
