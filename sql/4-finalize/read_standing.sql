-- grain:  one finalized invoice as it stands: what it came to, and what became of that
-- params: $1 customer, $2 subscription, $3 date, $4 kind
-- locks:  none
SELECT i.currency, f.catalog_id, f.gross, -coalesce((
        SELECT sum(e.amount) FROM meterbook.credit_entry AS e
        WHERE e.customer_id = $1 AND e.subscription_id = $2 AND e.period_ends = $3 AND e.kind = f.kind AND e.issue = f.issue
            AND e.origin = 'used'), 0)::bigint AS used,
    coalesce(n.off_due, 0)::bigint AS off_due, coalesce(n.notes, 0)::integer AS notes, coalesce((
        SELECT p.status FROM meterbook.invoice_payment AS p
        WHERE p.customer_id = $1 AND p.subscription_id = $2 AND p.period_ends = $3 AND p.kind = f.kind AND p.issue = f.issue
        ORDER BY p.entry DESC LIMIT 1), 'unpaid') AS payment
FROM meterbook.last_issue AS f
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
LEFT JOIN LATERAL (
    SELECT sum(c.off_due) AS off_due, max(c.entry) AS notes FROM meterbook.credit_note AS c
    WHERE c.customer_id = $1 AND c.subscription_id = $2 AND c.period_ends = $3 AND c.kind = f.kind
) AS n ON true
WHERE f.customer_id = $1 AND f.subscription_id = $2 AND f.period_ends = $3 AND f.kind::text = $4
