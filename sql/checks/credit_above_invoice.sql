-- grain:  one row a line of an invoice of which credit notes take off more than it has
-- params: $1 most rows
-- locks:  none
SELECT f.label || ' line ' || l.line AS subject, 'credited ' || sum(n.amount) || ' of ' || l.amount AS detail
FROM meterbook.credit_note_line AS n
JOIN meterbook.credit_note AS c USING (customer_id, subscription_id, period_ends, kind, entry)
JOIN meterbook.invoice_line AS l USING (customer_id, subscription_id, period_ends, kind, line)
JOIN meterbook.finalized_invoice AS f USING (customer_id, subscription_id, period_ends, kind, issue)
GROUP BY f.label, l.line, l.amount
HAVING abs(sum(n.amount)) > abs(l.amount) OR sign(sum(n.amount)) = -sign(l.amount)
LIMIT $1
