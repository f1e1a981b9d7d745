-- grain:  manual lines of a batch, in order, each with the run that withdrew it and the dates of the invoices that have it
-- params: $1 and $2 the last customer and subscription done, $3 and $4 the last ones of the batch
-- locks:  none
SELECT m.subscription_id, m.number, m.amount, m.wording, m.tax_category, m.from_day, m.service_starts, m.service_ends,
    m.reason, m.author, m.added_on, m.run_id, w.run_id AS withdrawn_run,
    (
        SELECT min(l.period_ends) FROM meterbook.invoice_line AS l
        WHERE l.customer_id = m.customer_id AND l.subscription_id = m.subscription_id AND l.manual_line = m.number
    ) AS taken_on
FROM meterbook.manual_line AS m
LEFT JOIN meterbook.withdrawn_manual_line AS w
    ON w.customer_id = m.customer_id AND w.subscription_id = m.subscription_id AND w.number = m.number
WHERE (m.customer_id, m.subscription_id) > ($1, $2) AND (m.customer_id, m.subscription_id) <= ($3, $4)
ORDER BY m.customer_id, m.subscription_id, m.number
