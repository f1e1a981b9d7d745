-- grain:  one row a line of an invoice
-- params: $1 customer, $2 subscription, $3 date, $4 kind
-- locks:  none
SELECT l.line, l.line_kind::text AS line_kind, l.price_id, l.service_starts, l.service_ends, l.quantity, l.counted_before,
    l.threshold, l.billable, l.amount, l.corrects_period_ends, l.corrects_line, l.manual_line, m.wording, m.tax_category
FROM meterbook.invoice_line AS l
LEFT JOIN meterbook.manual_line AS m
    ON m.customer_id = l.customer_id AND m.subscription_id = l.subscription_id AND m.number = l.manual_line
WHERE l.customer_id = $1 AND l.subscription_id = $2 AND l.period_ends = $3 AND l.kind::text = $4
ORDER BY l.line
