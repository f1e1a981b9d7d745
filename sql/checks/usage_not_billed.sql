-- grain:  one row a line whose usage is not what the readings of its service period add up to
-- params: $1 most rows
-- locks:  none
-- Usage that arrived late and waits for the next close is no difference: it stands in late_usage.
SELECT s.key || '/' || b.period_ends AS subject,
    format('%s: counted %s, billed %s', p.key, b.counted, b.billed) AS detail
FROM (
    SELECT l.customer_id, l.subscription_id, l.price_id, l.service_starts,
        min(l.period_ends) AS period_ends, sum(l.quantity) AS billed, min(t.quantity) AS counted
    FROM meterbook.invoice_line AS l
    JOIN meterbook.price AS p USING (price_id)
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(t.quantity), 0) AS quantity FROM meterbook.usage_total AS t
        WHERE t.customer_id = l.customer_id AND t.subscription_id = l.subscription_id AND t.meter_id = p.meter_id
            AND t.start >= l.service_starts AND t.start < l.service_ends
    ) AS t
    WHERE l.line_kind <> 'flat'
    GROUP BY l.customer_id, l.subscription_id, l.price_id, l.service_starts
) AS b
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.price AS p USING (price_id)
WHERE b.billed <> b.counted
    AND NOT EXISTS (
        SELECT FROM meterbook.late_usage AS u
        WHERE u.customer_id = b.customer_id AND u.subscription_id = b.subscription_id)
LIMIT $1
