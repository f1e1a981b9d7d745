-- grain:  what one invoice is held for
-- params: $1 customer, $2 subscription, $3 date, $4 kind
-- locks:  none
SELECT detail FROM meterbook.invoice_hold
WHERE customer_id = $1 AND subscription_id = $2 AND period_ends = $3 AND kind::text = $4 AND status = 'held' AND reason <> 'tax_unknown'
ORDER BY reason, subject
