-- grain:  landed interval rows
-- params: none
-- locks:  reads account, membership and subscription
-- A local time landed as if its clock were UTC's; here it becomes an instant, in the zone of the subscription that the
-- account belonged to then, or of the nearest one in time. A time that a clock skips is taken as if it had not been put
-- forward; one that it shows twice is the second.
UPDATE landed_interval AS l
SET account_id = a.account_id, customer_id = m.customer_id, on_at = at.on_at, off_at = at.off_at,
    verdict = CASE
        WHEN at.off_at < at.on_at THEN 'end_not_after_start'
        WHEN a.account_id IS NULL THEN 'unknown_account'
        WHEN m.customer_id IS NULL THEN 'not_a_member'
    END,
    field = CASE WHEN at.off_at < at.on_at THEN 'off' ELSE 'account' END,
    found = CASE WHEN at.off_at < at.on_at THEN at.off_at::text ELSE l.account_key END
FROM landed_interval AS n
LEFT JOIN meterbook.account AS a ON a.key = n.account_key
LEFT JOIN LATERAL (
    SELECT m.customer_id, coalesce((
        SELECT z.time_zone FROM meterbook.subscription_zone AS z
        WHERE z.customer_id = m.customer_id AND z.subscription_id = m.subscription_id
            AND z.from_day <= (n.on_at AT TIME ZONE 'UTC')::date
        ORDER BY z.from_day DESC LIMIT 1), s.time_zone) AS time_zone
    FROM meterbook.membership AS m
    JOIN meterbook.subscription AS s ON s.customer_id = m.customer_id AND s.subscription_id = m.subscription_id
    WHERE m.account_id = a.account_id
    ORDER BY m.starts > (n.on_at AT TIME ZONE 'UTC')::date, abs(m.starts - (n.on_at AT TIME ZONE 'UTC')::date)
    LIMIT 1
) AS m ON true
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN n.on_is_local THEN coalesce(n.on_at AT TIME ZONE 'UTC' AT TIME ZONE m.time_zone, n.on_at)
            ELSE n.on_at
        END AS on_at,
        CASE
            WHEN n.off_is_local THEN coalesce(n.off_at AT TIME ZONE 'UTC' AT TIME ZONE m.time_zone, n.off_at)
            ELSE n.off_at
        END AS off_at
) AS at
WHERE n.place = l.place
