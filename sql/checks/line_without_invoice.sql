-- grain:  one row a line that belongs to no invoice
-- params: $1 most rows
-- locks:  none
SELECT l.customer_id || '/' || l.subscription_id || '/' || l.period_ends AS subject, 'line ' || l.line AS detail
FROM meterbook.invoice_line AS l
LEFT JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
WHERE i.customer_id IS NULL
LIMIT $1
