-- grain:  one row a closed period without an invoice, or an invoice without a closed period
-- params: $1 most rows
-- locks:  none
SELECT coalesce(b.customer_id, i.customer_id) || '/' || coalesce(b.subscription_id, i.subscription_id) || '/'
        || coalesce(b.ends, i.period_ends) AS subject,
    CASE WHEN b.customer_id IS NULL THEN 'an invoice without a closed period' ELSE 'a closed period without an invoice' END
        AS detail
FROM meterbook.billing_period AS b
FULL JOIN (SELECT * FROM meterbook.invoice WHERE kind = 'period') AS i
    ON i.customer_id = b.customer_id AND i.subscription_id = b.subscription_id AND i.period_ends = b.ends
WHERE b.customer_id IS NULL OR i.customer_id IS NULL
LIMIT $1
