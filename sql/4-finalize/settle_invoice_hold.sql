-- grain:  what one invoice is held for
-- params: $1 customer, $2 subscription, $3 date, $4 kind, $5 status, $6 as-of date, $7 author, $8 note or NULL, $9 run
-- locks:  row locks on it
UPDATE meterbook.invoice_hold SET status = $5, settled_on = $6, settled_by = $7, note = $8, settled_run = $9
WHERE customer_id = $1 AND subscription_id = $2 AND period_ends = $3 AND kind::text = $4 AND status = 'held'
