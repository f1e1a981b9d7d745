-- grain:  at most one row: the catalog of the invoice that charged a subscription from a day on
-- params: $1 customer, $2 subscription, $3 day
-- locks:  none
-- A change on the day goes behind the period that ended on it.
SELECT catalog_id FROM meterbook.invoice_cause
WHERE customer_id = $1 AND subscription_id = $2 AND period_ends = $3
ORDER BY kind
LIMIT 1
