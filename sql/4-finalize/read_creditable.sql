-- grain:  line of a finalized invoice, with what was credited of it
-- params: $1 customer, $2 subscription, $3 date, $4 kind
-- locks:  none
SELECT l.line, l.amount, coalesce(m.tax_category, p.tax_category, '') AS category, (
        SELECT coalesce(sum(n.amount), 0)::bigint FROM meterbook.credit_note_line AS n
        WHERE n.customer_id = $1 AND n.subscription_id = $2 AND n.period_ends = $3 AND n.kind = l.kind
            AND n.line = l.line) AS credited
FROM meterbook.invoice_line AS l
LEFT JOIN meterbook.price AS p ON p.price_id = l.price_id
LEFT JOIN meterbook.manual_line AS m
    ON m.customer_id = l.customer_id AND m.subscription_id = l.subscription_id AND m.number = l.manual_line
WHERE l.customer_id = $1 AND l.subscription_id = $2 AND l.period_ends = $3 AND l.kind::text = $4
ORDER BY l.line
