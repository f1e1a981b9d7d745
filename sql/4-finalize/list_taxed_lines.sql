-- grain:  one row a line of an invoice, with its tax category
-- params: $1 customer, $2 subscription, $3 date, $4 kind
-- locks:  none
SELECT l.amount, coalesce(m.tax_category, p.tax_category) AS tax_category
FROM meterbook.invoice_line AS l
LEFT JOIN meterbook.price AS p ON p.price_id = l.price_id
LEFT JOIN meterbook.manual_line AS m
    ON m.customer_id = l.customer_id AND m.subscription_id = l.subscription_id AND m.number = l.manual_line
WHERE l.customer_id = $1 AND l.subscription_id = $2 AND l.period_ends = $3 AND l.kind::text = $4
ORDER BY l.line
