-- grain:  one row a change of plan, or a notice, of a subscription or a plan that is not there
-- params: $1 most rows
-- locks:  none
-- These tables have no foreign keys: see the migration change_keys.
SELECT o.name || ' of ' || o.customer_id || '/' || o.subscription_id AS subject,
    CASE WHEN o.plan_id IS NULL THEN 'no such subscription' ELSE 'no plan ' || o.plan_id END AS detail
FROM (
    SELECT 'change ' || c.change_id AS name, c.customer_id, c.subscription_id, NULL::integer AS plan_id
    FROM meterbook.plan_change AS c
    WHERE NOT EXISTS (
        SELECT FROM meterbook.subscription AS s
        WHERE s.customer_id = c.customer_id AND s.subscription_id = c.subscription_id)
    UNION ALL
    SELECT 'change ' || c.change_id, c.customer_id, c.subscription_id, m.plan_id
    FROM meterbook.plan_change AS c
    CROSS JOIN LATERAL (VALUES (c.was_plan_id), (c.plan_id)) AS m (plan_id)
    WHERE NOT EXISTS (SELECT FROM meterbook.plan AS p WHERE p.plan_id = m.plan_id)
    UNION ALL
    SELECT 'notice ' || n.notice_id, n.customer_id, n.subscription_id, NULL
    FROM meterbook.notice AS n
    WHERE NOT EXISTS (
        SELECT FROM meterbook.subscription AS s
        WHERE s.customer_id = n.customer_id AND s.subscription_id = n.subscription_id)
) AS o
ORDER BY o.customer_id, o.subscription_id, o.name
LIMIT $1
