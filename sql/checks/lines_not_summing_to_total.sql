-- grain:  one row an invoice whose lines do not make its total, or are not as many as it says
-- params: $1 most rows
-- locks:  none
SELECT s.key || '/' || i.period_ends AS subject,
    format('total %s with %s lines, its lines make %s with %s', i.total, i.line_count, coalesce(l.amount, 0),
        coalesce(l.lines, 0)) AS detail
FROM meterbook.invoice AS i
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
LEFT JOIN (
    SELECT customer_id, subscription_id, period_ends, kind, sum(amount) AS amount, count(*) AS lines
    FROM meterbook.invoice_line GROUP BY 1, 2, 3, 4
) AS l USING (customer_id, subscription_id, period_ends, kind)
WHERE i.total IS DISTINCT FROM coalesce(l.amount, 0) OR i.line_count IS DISTINCT FROM coalesce(l.lines, 0)
LIMIT $1
