-- grain:  one row a manual line that was billed twice, otherwise than it was added, after it was withdrawn, or not when it should have been
-- params: $1 most rows
-- locks:  none
SELECT coalesce(s.key, l.customer_id || '/' || l.subscription_id) || ' line ' || coalesce(m.number, l.manual_line) AS subject,
    CASE
        WHEN m.number IS NULL THEN 'is billed on ' || l.first || ', and was never added'
        WHEN l.lines > 1 THEN format('is billed %s times, first on %s', l.lines, l.first)
        WHEN w.number IS NOT NULL THEN 'is billed on ' || l.first || ', and was withdrawn'
        WHEN l.amount <> m.amount THEN format('is billed as %s on %s, and was added as %s', l.amount, l.first, m.amount)
        ELSE format('was to be billed from %s on, and is on no invoice', m.from_day)
    END AS detail
FROM meterbook.manual_line AS m
FULL JOIN (
    SELECT customer_id, subscription_id, manual_line, count(*) AS lines, sum(amount) AS amount, min(period_ends) AS first
    FROM meterbook.invoice_line WHERE manual_line IS NOT NULL
    GROUP BY customer_id, subscription_id, manual_line
) AS l ON l.customer_id = m.customer_id AND l.subscription_id = m.subscription_id AND l.manual_line = m.number
LEFT JOIN meterbook.subscription AS s ON s.customer_id = m.customer_id AND s.subscription_id = m.subscription_id
LEFT JOIN meterbook.withdrawn_manual_line AS w
    ON w.customer_id = m.customer_id AND w.subscription_id = m.subscription_id AND w.number = m.number
LEFT JOIN meterbook.open_period AS o ON o.customer_id = m.customer_id AND o.subscription_id = m.subscription_id
WHERE m.number IS NULL OR l.lines > 1 OR (w.number IS NOT NULL AND l.lines > 0) OR l.amount <> m.amount
    OR (l.lines IS NULL AND w.number IS NULL AND (o.subscription_id IS NULL OR m.from_day < o.starts))
LIMIT $1
