-- grain:  one row
-- params: $1 date, $2 and $3 the last customer and subscription done, $4 most subscriptions, $5 run
-- locks:  none
-- Subscriptions, not invoices: all that one has on a day go into one batch.
SELECT count(*) AS subscriptions, min(customer_id) AS first_customer, max(ARRAY[customer_id, subscription_id]) AS last,
    (SELECT r.status = 'running' FROM meterbook.run AS r WHERE r.run_id = $5) AS is_ours
FROM (
    SELECT DISTINCT i.customer_id, i.subscription_id
    FROM meterbook.invoice AS i
    WHERE i.period_ends = $1 AND (i.customer_id, i.subscription_id) > ($2, $3)
        AND NOT EXISTS (
            SELECT FROM meterbook.finalized_invoice AS f
            WHERE f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.period_ends = $1
                AND f.kind = i.kind AND f.customer_id >= $2)
        AND NOT EXISTS (
            SELECT FROM meterbook.voided_invoice AS v
            WHERE v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
                AND v.kind = i.kind)
        AND NOT EXISTS (
            SELECT FROM meterbook.invoice_hold AS h
            WHERE h.customer_id = i.customer_id AND h.subscription_id = i.subscription_id AND h.period_ends = i.period_ends
                AND h.kind = i.kind AND h.status = 'held' AND h.reason <> 'tax_unknown')
    ORDER BY i.customer_id, i.subscription_id
    LIMIT $4
) AS batch
