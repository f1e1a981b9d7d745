-- grain:  credit note, by date and number
-- params: $1 customer key or NULL, $2 subscription key or NULL, $3 number as it is printed or NULL, $4 most rows
-- locks:  none
SELECT n.label, n.issued_on, s.key AS subscription, n.period_ends, n.kind::text AS kind, f.label AS invoice, c.key AS customer, c.name,
    i.currency, n.net, n.tax, n.gross, n.off_due, n.carried, n.refunded, n.reason, n.author, n.customer_id,
    n.subscription_id, n.entry
FROM meterbook.credit_note AS n
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
JOIN meterbook.finalized_invoice AS f USING (customer_id, subscription_id, period_ends, kind, issue)
WHERE ($1::text IS NULL OR c.key = $1) AND ($2::text IS NULL OR s.key = $2) AND ($3::text IS NULL OR n.label = $3)
ORDER BY n.issued_on, n.series_id, n.number
LIMIT $4
