-- grain:  line of one credit note, then its rates
-- params: $1 customer, $2 subscription, $3 date, $4 kind, $5 entry
-- locks:  none
SELECT 1 AS part, l.line AS place, l.amount AS net, 0::bigint AS tax
FROM meterbook.credit_note_line AS l
WHERE l.customer_id = $1 AND l.subscription_id = $2 AND l.period_ends = $3 AND l.kind::text = $4 AND l.entry = $5
UNION ALL
SELECT 2, t.place, t.net, t.tax
FROM meterbook.credit_note_tax AS t
WHERE t.customer_id = $1 AND t.subscription_id = $2 AND t.period_ends = $3 AND t.kind::text = $4 AND t.entry = $5
ORDER BY part, place
