-- grain:  rate of one issue of an invoice, in order
-- params: $1 customer, $2 subscription, $3 date, $4 kind, $5 issue
-- locks:  none
SELECT place, category, trim_scale(percent)::text AS percent
FROM meterbook.invoice_tax
WHERE customer_id = $1 AND subscription_id = $2 AND period_ends = $3 AND kind::text = $4 AND issue = $5
ORDER BY place
