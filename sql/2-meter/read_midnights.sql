-- grain:  one row a day and subscription, in the order of the parameters
-- params: $1 days, $2 customers, $3 subscriptions, $4 watermark or NULL for now
-- locks:  none
-- Where the zone has never changed, all subscriptions of one zone share the answer.
WITH wanted AS MATERIALIZED (
    SELECT n.place, n.day, n.customer_id, n.subscription_id, s.time_zone,
        EXISTS (
            SELECT FROM meterbook.subscription_zone AS z
            WHERE z.customer_id = n.customer_id AND z.subscription_id = n.subscription_id
        ) AS has_moved
    FROM unnest($1::date[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS n (day, customer_id, subscription_id, place)
    JOIN meterbook.subscription AS s ON s.customer_id = n.customer_id AND s.subscription_id = n.subscription_id
), shared AS MATERIALIZED (
    SELECT day, time_zone, meterbook.day_start(day, time_zone) AS at
    FROM (SELECT DISTINCT day, time_zone FROM wanted WHERE NOT has_moved) AS d
)
SELECT CASE WHEN w.has_moved THEN meterbook.known_day_start(w.customer_id, w.subscription_id, w.day, $4::bigint) ELSE s.at END
FROM wanted AS w
LEFT JOIN shared AS s ON s.day = w.day AND s.time_zone = w.time_zone
ORDER BY w.place
