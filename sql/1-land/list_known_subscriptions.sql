-- grain:  one row a subscription that is known
-- params: $1 keys
-- locks:  none
SELECT s.key, p.key AS plan, s.pays_every, h.key AS heard_plan, h.plan_id AS heard_plan_id,
    coalesce(s.said_pays_every, s.pays_every) AS heard_pays_every, s.anchor, s.starts, s.time_zone
FROM meterbook.subscription AS s
JOIN meterbook.plan AS p ON p.plan_id = s.plan_id
JOIN meterbook.plan AS h ON h.plan_id = coalesce(s.said_plan_id, s.plan_id)
WHERE s.key = ANY ($1::text[])
