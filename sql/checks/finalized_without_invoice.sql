-- grain:  one row a number that belongs to no invoice
-- params: $1 most rows
-- locks:  none
SELECT f.label AS subject, f.customer_id || '/' || f.subscription_id || '/' || f.period_ends AS detail
FROM meterbook.finalized_invoice AS f
LEFT JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
WHERE i.customer_id IS NULL
LIMIT $1
