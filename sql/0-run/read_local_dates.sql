-- grain:  one row
-- params: $1 the present instant
-- locks:  none
-- Where the zone has changed it counts which days of the subscription have begun: at most two days away from UTC's.
SELECT min(day) AS earliest, max(day) AS latest
FROM (
    SELECT ($1::timestamptz AT TIME ZONE zone)::date AS day
    FROM (
        SELECT DISTINCT s.time_zone AS zone FROM meterbook.subscription AS s
        WHERE NOT EXISTS (
            SELECT FROM meterbook.subscription_zone AS z
            WHERE z.customer_id = s.customer_id AND z.subscription_id = s.subscription_id)
        UNION SELECT 'UTC'
    ) AS zones
    UNION ALL
    SELECT max(d.day)
    FROM (SELECT DISTINCT customer_id, subscription_id FROM meterbook.subscription_zone) AS z
    CROSS JOIN LATERAL (
        SELECT ($1::timestamptz AT TIME ZONE 'UTC')::date + n AS day FROM generate_series(-2, 1) AS n
    ) AS d
    WHERE meterbook.subscription_day_start(z.customer_id, z.subscription_id, d.day) <= $1::timestamptz
    GROUP BY z.customer_id, z.subscription_id
) AS days
