-- grain:  one row a draft or an issue of an invoice, by subscription and period
-- params: $1 customer key or NULL, $2 subscription key or NULL, $3 first period end or NULL, $4 first period end after or NULL, $5 most rows
-- locks:  none
SELECT c.key AS customer, c.name, s.key AS subscription, b.starts, i.period_ends, i.kind::text AS kind,
    i.currency, i.total, i.line_count, f.label, f.issued_on, f.net, f.tax, f.gross,
    v.voided_on, v.reason, v.author, p.status AS payment, p.since,
    (
        SELECT g.gaps FROM meterbook.invoice_gap_text AS g
        WHERE g.customer_id = i.customer_id AND g.subscription_id = i.subscription_id
            AND g.period_ends = i.period_ends AND g.kind = i.kind
    ) AS gaps
FROM meterbook.invoice AS i
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.invoice_cause AS b
    ON b.customer_id = i.customer_id AND b.subscription_id = i.subscription_id AND b.period_ends = i.period_ends
    AND b.kind = i.kind::text
LEFT JOIN meterbook.finalized_invoice AS f
    ON f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.period_ends = i.period_ends
    AND f.kind = i.kind
LEFT JOIN meterbook.voided_invoice AS v
    ON v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
    AND v.kind = i.kind AND v.issue = coalesce(f.issue, 1)
LEFT JOIN meterbook.last_payment AS p
    ON p.customer_id = f.customer_id AND p.subscription_id = f.subscription_id AND p.period_ends = f.period_ends
    AND p.kind = f.kind AND p.issue = f.issue
WHERE ($1::text IS NULL OR c.key = $1) AND ($2::text IS NULL OR s.key = $2)
    AND ($3::date IS NULL OR i.period_ends >= $3) AND ($4::date IS NULL OR i.period_ends < $4)
ORDER BY s.key COLLATE "C", i.period_ends, i.kind, f.issue
LIMIT $5
