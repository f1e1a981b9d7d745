-- grain:  landed subscription rows that name another plan or rhythm than the source did before, or another day for what it has asked for; NULL is what stays
-- params: none
-- locks:  reads subscription, plan_change
SELECT n.place, n.key, nullif(n.said_plan_id, h.plan_id) AS plan_id, nullif(n.said_pays_every, h.pays_every) AS pays_every,
    n.change_at, CASE WHEN h.ends IS DISTINCT FROM n.ends THEN n.ends ELSE s.ends END AS ends
FROM landed_subscription AS n
JOIN meterbook.subscription AS s ON s.key = n.key
CROSS JOIN LATERAL (
    SELECT coalesce(s.said_plan_id, s.plan_id) AS plan_id, coalesce(s.said_pays_every, s.pays_every) AS pays_every,
        CASE WHEN s.said_ends IS NULL THEN s.ends ELSE nullif(s.said_ends, 'infinity') END AS ends
) AS h
WHERE n.verdict IS NULL
    AND (
        ROW(n.said_plan_id, n.said_pays_every) <> ROW(h.plan_id, h.pays_every)
        OR EXISTS (
            SELECT FROM meterbook.plan_change AS c
            WHERE c.customer_id = s.customer_id AND c.subscription_id = s.subscription_id AND c.status = 'announced'
                AND c.origin = 'source' AND n.change_at LIKE '%-%' AND c.takes_effect::text <> n.change_at))
ORDER BY n.place
