-- grain:  entry of a customer's credit, by customer, currency and entry
-- params: $1 customer key or NULL for all, $2 most rows
-- locks:  none
SELECT c.key AS customer, e.currency, e.entry, e.entered_on, e.origin, s.key AS subscription, e.period_ends, e.kind::text AS kind,
    n.label, e.amount, e.balance
FROM meterbook.credit_entry AS e
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
LEFT JOIN meterbook.credit_note AS n
    ON n.customer_id = e.customer_id AND n.subscription_id = e.subscription_id AND n.period_ends = e.period_ends
    AND n.kind = e.kind AND n.entry = e.credit_note
WHERE $1::text IS NULL OR c.key = $1
ORDER BY c.key COLLATE "C", e.currency, e.entry
LIMIT $2
