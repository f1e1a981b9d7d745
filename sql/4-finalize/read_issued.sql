-- grain:  line of the invoices that one subscription has on a day, as they were as drafts, by kind and line
-- params: {customer}, {subscription}, {day}, {issue}: typed literals, since COPY takes no parameters
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
                AND m.number = l.manual_line) END AS wording, {issue}::smallint AS issue
    FROM meterbook.invoice AS i
    LEFT JOIN meterbook.invoice_cause AS b
        ON b.customer_id = i.customer_id AND b.subscription_id = i.subscription_id AND b.period_ends = i.period_ends
        AND b.kind = i.kind::text
    LEFT JOIN meterbook.invoice_line AS l
        ON l.customer_id = i.customer_id AND l.subscription_id = i.subscription_id AND l.period_ends = i.period_ends
        AND l.kind = i.kind
    LEFT JOIN meterbook.price AS p ON p.price_id = l.price_id
    WHERE i.customer_id = {customer} AND i.subscription_id = {subscription} AND i.period_ends = {day}
    ORDER BY i.kind, l.line
) TO STDOUT (FORMAT binary)
