-- grain:  one row a price and service period of one subscription, over all invoices of earlier periods
-- params: $1 customer, $2 subscription, $3 first day, $4 first day behind the ends of their periods
-- locks:  none
-- What is paid in advance is discounted with the period before, so that two invoices may have such a line: the later one has
-- what depends on use, and is what corrections refer to.
-- The opening has no days that could be rated again, and what it discounts stands.
SELECT l.price_id, l.service_starts, l.service_ends, sum(l.quantity)::bigint AS quantity,
    sum(l.billable)::bigint AS billable, sum(l.amount)::bigint AS amount,
    max(l.period_ends) FILTER (WHERE l.line_kind <> 'correction') AS period_ends,
    (array_agg(l.line ORDER BY l.period_ends DESC, l.line) FILTER (WHERE l.line_kind <> 'correction'))[1] AS line
FROM meterbook.invoice_line AS l
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
JOIN meterbook.billing_period AS b
    ON b.customer_id = l.customer_id AND b.subscription_id = l.subscription_id AND b.ends = l.period_ends
WHERE l.customer_id = $1 AND l.subscription_id = $2 AND l.period_ends > $3 AND l.period_ends < $4 AND l.service_ends > $3
    AND l.line_kind NOT IN ('flat', 'manual') AND i.kind = 'period'
    AND b.ends > b.starts
GROUP BY l.price_id, l.service_starts, l.service_ends
