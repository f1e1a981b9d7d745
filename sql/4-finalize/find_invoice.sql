-- grain:  at most one invoice
-- params: $1 subscription key, $2 date, $3 kind, or NULL for the period's where there is one
-- locks:  none
SELECT i.customer_id, i.subscription_id, i.kind::text AS kind, f.label, v.customer_id IS NOT NULL AS is_voided, coalesce(f.issue, 1::smallint) AS issue
FROM meterbook.subscription AS s
JOIN meterbook.invoice AS i ON i.customer_id = s.customer_id AND i.subscription_id = s.subscription_id
LEFT JOIN meterbook.last_issue AS f
    ON f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.period_ends = i.period_ends
    AND f.kind = i.kind
LEFT JOIN meterbook.last_void AS v
    ON v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
    AND v.kind = i.kind
WHERE s.key = $1 AND i.period_ends = $2 AND ($3::text IS NULL OR i.kind::text = $3)
ORDER BY i.kind
LIMIT 1
