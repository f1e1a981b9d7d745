-- grain:  one row a manual line, by subscription and number
-- params: $1 subscription key or NULL, $2 number or NULL, $3 whether only those that are pending, $4 most rows
-- locks:  none
SELECT s.key AS subscription, s.currency, m.number, m.amount, m.wording, m.tax_category,
    m.from_day, m.service_starts, m.service_ends, m.reason, m.author, m.added_on, l.period_ends, w.withdrawn_on,
    w.reason AS withdrawn_for, w.author AS withdrawn_by
FROM meterbook.manual_line AS m
JOIN meterbook.subscription AS s ON s.customer_id = m.customer_id AND s.subscription_id = m.subscription_id
LEFT JOIN meterbook.withdrawn_manual_line AS w
    ON w.customer_id = m.customer_id AND w.subscription_id = m.subscription_id AND w.number = m.number
LEFT JOIN LATERAL (
    SELECT x.period_ends FROM meterbook.invoice_line AS x
    WHERE x.customer_id = m.customer_id AND x.subscription_id = m.subscription_id AND x.manual_line = m.number
    ORDER BY x.period_ends LIMIT 1
) AS l ON true
WHERE ($1::text IS NULL OR s.key = $1) AND ($2::integer IS NULL OR m.number = $2)
    AND (NOT $3::boolean OR (l.period_ends IS NULL AND w.number IS NULL))
ORDER BY s.key COLLATE "C", m.number
LIMIT $4
