-- grain:  one row a meter: where its usage has gone
-- params: none
-- locks:  none
-- Several prices may charge the same usage; the lines of the first of them tell what became of it.
WITH total AS (
    SELECT t.meter_id,
        sum(t.quantity) AS total,
        sum(t.quantity) FILTER (WHERE t.start < s.starts) AS before_start,
        sum(t.quantity) FILTER (WHERE o.subscription_id IS NOT NULL AND t.start >= o.starts) AS open,
        sum(t.quantity) FILTER (WHERE o.subscription_id IS NULL AND t.start >= e.ends) AS after_end
    FROM meterbook.usage_total AS t
    JOIN meterbook.subscription AS s ON s.customer_id = t.customer_id AND s.subscription_id = t.subscription_id
    -- Periods after the end bill late usage and nothing of their own.
    LEFT JOIN meterbook.open_period AS o
        ON o.customer_id = t.customer_id AND o.subscription_id = t.subscription_id
        AND (s.ends IS NULL OR o.starts < s.ends)
    LEFT JOIN LATERAL (
        SELECT coalesce(max(b.ends), s.starts) AS ends FROM meterbook.billing_period AS b
        WHERE o.subscription_id IS NULL AND b.customer_id = t.customer_id AND b.subscription_id = t.subscription_id
            AND b.starts < s.ends
    ) AS e ON true
    GROUP BY t.meter_id
), line AS (
    SELECT p.meter_id, sum(l.billable) AS billed, sum(l.quantity - l.billable) AS included
    FROM meterbook.invoice_line AS l JOIN meterbook.price AS p USING (price_id)
    WHERE l.line_kind <> 'flat' AND p.leads_meter
    GROUP BY p.meter_id
), priced AS (
    -- Closed usage that some line covers, as it is counted now.
    SELECT p.meter_id, sum(t.quantity) AS quantity
    FROM meterbook.invoice_line AS l
    JOIN meterbook.price AS p USING (price_id)
    JOIN meterbook.usage_total AS t
        ON t.customer_id = l.customer_id AND t.subscription_id = l.subscription_id AND t.meter_id = p.meter_id
        AND t.start >= l.service_starts AND t.start < l.service_ends
    WHERE l.line_kind = 'usage' AND p.leads_meter
    GROUP BY p.meter_id
)
SELECT m.key AS meter, m.is_running, t.total::bigint, coalesce(l.billed, 0)::bigint AS billed, coalesce(l.included, 0)::bigint AS included,
    coalesce(t.open, 0)::bigint AS open,
    (coalesce(p.quantity, 0) - coalesce(l.billed, 0) - coalesce(l.included, 0))::bigint AS late,
    coalesce(t.before_start, 0)::bigint AS before_start, coalesce(t.after_end, 0)::bigint AS after_end,
    (t.total - coalesce(t.open, 0) - coalesce(t.before_start, 0) - coalesce(t.after_end, 0) - coalesce(p.quantity, 0))::bigint
        AS unpriced
FROM total AS t
JOIN meterbook.meter AS m USING (meter_id)
LEFT JOIN line AS l USING (meter_id)
LEFT JOIN priced AS p USING (meter_id)
ORDER BY m.key COLLATE "C"
