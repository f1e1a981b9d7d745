-- grain:  at most one invoice
-- params: $1 subscription key, $2 date, $3 kind, or NULL for the period's where there is one, $4 issue, or NULL for the last
-- locks:  none
SELECT c.key AS customer, c.name, s.key AS subscription, p.key AS plan, s.customer_id, s.subscription_id,
    b.starts, i.period_ends AS ends, coalesce(b.number, 0) AS number, b.catalog_id, b.watermark, b.engine, b.run_id,
    i.currency, i.total, i.kind::text AS kind,
    v.voided_on, v.reason, v.author,
    (
        SELECT g.gaps FROM meterbook.invoice_gap_text AS g
        WHERE g.customer_id = i.customer_id AND g.subscription_id = i.subscription_id
            AND g.period_ends = i.period_ends AND g.kind = i.kind
    ) AS gaps
FROM meterbook.subscription AS s
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.plan AS p USING (plan_id)
JOIN meterbook.invoice AS i ON i.customer_id = s.customer_id AND i.subscription_id = s.subscription_id
JOIN meterbook.invoice_cause AS b
    ON b.customer_id = i.customer_id AND b.subscription_id = i.subscription_id AND b.period_ends = i.period_ends
    AND b.kind = i.kind::text
LEFT JOIN meterbook.voided_invoice AS v
    ON v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
    AND v.kind = i.kind AND v.issue = coalesce($4::smallint, (
        SELECT f.issue FROM meterbook.last_issue AS f
        WHERE f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.period_ends = i.period_ends
            AND f.kind = i.kind), 1)
WHERE s.key = $1 AND i.period_ends = $2 AND ($3::text IS NULL OR i.kind::text = $3)
ORDER BY i.kind
LIMIT 1
