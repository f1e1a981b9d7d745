-- grain:  one reason for which an invoice is held
-- params: $1 most rows
-- locks:  none
SELECT s.key AS subscription, h.period_ends, h.kind::text AS kind, h.reason, h.subject, h.figure, h.bound, h.detail,
    h.held_on, h.run_id
FROM meterbook.invoice_hold AS h JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
WHERE h.status = 'held'
ORDER BY s.key COLLATE "C", h.period_ends, h.kind, h.reason, h.subject LIMIT $1
