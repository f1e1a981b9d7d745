-- grain:  one row a closed period or a change at once without its invoice, or an invoice without its cause
-- params: $1 most rows
-- locks:  none
SELECT coalesce(b.customer_id, i.customer_id) || '/' || coalesce(b.subscription_id, i.subscription_id) || '/'
        || coalesce(b.period_ends, i.period_ends) AS subject,
    CASE
        WHEN b.customer_id IS NULL AND i.kind = 'period' THEN 'an invoice without a closed period'
        WHEN b.customer_id IS NULL THEN 'an invoice without a change of plan'
        WHEN b.kind = 'period' THEN 'a closed period without an invoice'
        ELSE 'a change of plan at once without its invoice'
    END AS detail
FROM meterbook.invoice_cause AS b
FULL JOIN meterbook.invoice AS i
    ON i.customer_id = b.customer_id AND i.subscription_id = b.subscription_id AND i.period_ends = b.period_ends
    AND i.kind::text = b.kind
WHERE b.customer_id IS NULL OR i.customer_id IS NULL
LIMIT $1
