-- grain:  invoices of a batch whose tax could not be told before
-- params: $1 customers, $2 subscriptions, $3 date, $4 kinds, $5 as-of date, $6 run
-- locks:  row locks on their holds
UPDATE meterbook.invoice_hold AS h
SET status = 'released', settled_on = $5, settled_by = 'meterbook', settled_run = $6
FROM unnest($1::bigint[], $2::bigint[], $4::text[]) AS n (customer_id, subscription_id, kind)
WHERE h.customer_id = n.customer_id AND h.subscription_id = n.subscription_id AND h.period_ends = $3
    AND h.kind::text = n.kind AND h.status = 'held' AND h.reason = 'tax_unknown'
