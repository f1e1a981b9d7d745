-- grain:  one issue of an invoice; nothing where it says already what it is to say
-- params: $1 customer, $2 subscription, $3 date, $4 kind, $5 issue, $6 status, $7 day, $8 author, $9 note or NULL, $10 run
-- locks:  none but the new row
INSERT INTO meterbook.invoice_payment
    (customer_id, subscription_id, period_ends, kind, issue, entry, status, since, author, note, run_id)
SELECT $1, $2, $3, $4::text::meterbook.invoice_kind, $5, coalesce(last.entry, 0) + 1, $6, $7, $8, $9, $10
FROM (VALUES (1)) AS one
LEFT JOIN LATERAL (
    SELECT p.entry, p.status, p.since FROM meterbook.invoice_payment AS p
    WHERE p.customer_id = $1 AND p.subscription_id = $2 AND p.period_ends = $3 AND p.kind::text = $4 AND p.issue = $5
    ORDER BY p.entry DESC LIMIT 1
) AS last ON true
WHERE coalesce(last.status, 'unpaid') <> $6 OR last.since <> $7
