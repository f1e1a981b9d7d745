-- grain:  one row a finalized invoice whose tax is not the sum of its rates, or whose amounts are not its lines
-- params: $1 most rows
-- locks:  none
-- Prices that include tax have it in their lines.
SELECT f.label AS subject, 'net ' || f.net || ', tax ' || f.tax || ', gross ' || f.gross || '; by rate net '
        || coalesce(t.net, f.net) || ', tax ' || coalesce(t.tax, 0) || '; lines ' || i.total AS detail
FROM meterbook.finalized_invoice AS f
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
LEFT JOIN (
    SELECT customer_id, subscription_id, period_ends, kind, issue, sum(net) AS net, sum(tax) AS tax
    FROM meterbook.invoice_tax GROUP BY customer_id, subscription_id, period_ends, kind, issue
) AS t USING (customer_id, subscription_id, period_ends, kind, issue)
WHERE f.tax <> coalesce(t.tax, 0) OR f.net <> coalesce(t.net, f.net) OR i.total NOT IN (f.net, f.gross)
LIMIT $1
