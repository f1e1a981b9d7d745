-- grain:  one row: a price and service period over all earlier invoices
-- params: $1 customer, $2 subscription, $3 price, $4 service start, $5 service end, $6 period end
-- locks:  none
SELECT coalesce(sum(quantity), 0)::bigint, coalesce(sum(billable), 0)::bigint, coalesce(sum(amount), 0)::bigint
FROM meterbook.invoice_line
WHERE customer_id = $1 AND subscription_id = $2 AND price_id = $3 AND service_starts = $4 AND service_ends = $5
    AND period_ends < $6 AND kind = 'period'
