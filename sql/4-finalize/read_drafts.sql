-- grain:  draft × line of one date, by customer, subscription, kind and line
-- params: {day}, {after_customer}, {after_subscription}, {first_customer}, {last_customer}, {last_subscription}: typed literals, since COPY takes no parameters
-- locks:  none
COPY (
    SELECT i.customer_id, i.subscription_id, i.period_ends, i.kind::text AS kind, i.currency, i.total, i.line_count,
        b.starts, b.catalog_id, b.watermark, b.engine, l.line, l.line_kind::text AS line_kind, l.price_id,
        l.service_starts, l.service_ends, l.quantity, l.counted_before, l.threshold, l.billable, l.amount,
        l.corrects_period_ends, l.corrects_line,
        CASE WHEN l.manual_line IS NULL THEN p.tax_category ELSE (
            SELECT m.tax_category FROM meterbook.manual_line AS m
            WHERE m.customer_id = l.customer_id AND m.subscription_id = l.subscription_id
                AND m.number = l.manual_line) END AS tax_category,
        l.manual_line,
        CASE WHEN l.manual_line IS NOT NULL THEN (
            SELECT m.wording FROM meterbook.manual_line AS m
            WHERE m.customer_id = l.customer_id AND m.subscription_id = l.subscription_id
                AND m.number = l.manual_line) END AS wording, 1::smallint AS issue
    FROM meterbook.invoice AS i
    LEFT JOIN meterbook.invoice_cause AS b
        ON b.customer_id = i.customer_id AND b.subscription_id = i.subscription_id AND b.period_ends = i.period_ends
        AND b.kind = i.kind::text AND b.period_ends = {day} AND b.customer_id >= {first_customer}
        AND b.customer_id <= {last_customer}
    LEFT JOIN meterbook.invoice_line AS l
        ON l.customer_id = i.customer_id AND l.subscription_id = i.subscription_id AND l.period_ends = i.period_ends
        AND l.kind = i.kind AND l.period_ends = {day} AND l.customer_id >= {first_customer}
        AND l.customer_id <= {last_customer}
    LEFT JOIN meterbook.price AS p ON p.price_id = l.price_id
    WHERE i.period_ends = {day} AND i.customer_id >= {first_customer} AND i.customer_id <= {last_customer}
        AND (i.customer_id, i.subscription_id) > ({after_customer}, {after_subscription})
        AND (i.customer_id, i.subscription_id) <= ({last_customer}, {last_subscription})
        AND NOT EXISTS (
            SELECT FROM meterbook.finalized_invoice AS f
            WHERE f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.period_ends = {day}
                AND f.kind = i.kind AND f.customer_id >= {first_customer} AND f.customer_id <= {last_customer})
        AND NOT EXISTS (
            SELECT FROM meterbook.voided_invoice AS v
            WHERE v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
                AND v.kind = i.kind)
        AND NOT EXISTS (
            SELECT FROM meterbook.invoice_hold AS h
            WHERE h.customer_id = i.customer_id AND h.subscription_id = i.subscription_id AND h.period_ends = i.period_ends
                AND h.kind = i.kind AND h.status = 'held' AND h.reason <> 'tax_unknown')
    ORDER BY i.customer_id, i.subscription_id, i.kind, l.line
) TO STDOUT (FORMAT binary)
