-- grain:  landed subscription rows that name another plan or rhythm than the source did before; NULL is what stays
-- params: none
-- locks:  reads subscription
SELECT n.place, n.key, nullif(n.said_plan_id, coalesce(s.said_plan_id, s.plan_id)) AS plan_id,
    nullif(n.said_pays_every, coalesce(s.said_pays_every, s.pays_every)) AS pays_every, n.change_at
FROM landed_subscription AS n
JOIN meterbook.subscription AS s ON s.key = n.key
WHERE n.verdict IS NULL
    AND ROW(n.said_plan_id, n.said_pays_every)
        <> ROW(coalesce(s.said_plan_id, s.plan_id), coalesce(s.said_pays_every, s.pays_every))
ORDER BY n.place
