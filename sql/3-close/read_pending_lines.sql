-- grain:  manual lines of some subscriptions that no invoice has taken, by subscription and number
-- params: $1 first customer, $2 last customer, $3 the only subscription or NULL for all
-- locks:  none
-- What lies before the open period has been taken or withdrawn: only what may be pending is looked for on invoices.
SELECT m.subscription_id, m.number, m.amount, m.wording, m.tax_category, m.from_day, m.service_starts, m.service_ends,
    m.reason, m.author, m.added_on
FROM meterbook.manual_line AS m
JOIN meterbook.open_period AS o
    ON o.customer_id = m.customer_id AND o.subscription_id = m.subscription_id AND m.from_day >= o.starts
WHERE m.customer_id >= $1 AND m.customer_id <= $2 AND ($3::bigint IS NULL OR m.subscription_id = $3)
    AND NOT EXISTS (
        SELECT FROM meterbook.withdrawn_manual_line AS w
        WHERE w.customer_id = m.customer_id AND w.subscription_id = m.subscription_id AND w.number = m.number)
    AND NOT EXISTS (
        SELECT FROM meterbook.invoice_line AS l
        WHERE l.customer_id = m.customer_id AND l.subscription_id = m.subscription_id AND l.manual_line = m.number)
ORDER BY m.customer_id, m.subscription_id, m.number
