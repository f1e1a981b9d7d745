-- grain:  finalized invoice × line of one series, by number and line
-- params: {series}: a typed literal, since COPY takes no parameters
-- locks:  none
COPY (
    SELECT f.customer_id, f.subscription_id, f.period_ends, f.kind::text AS kind, coalesce(i.currency, '') AS currency,
        coalesce(i.total, 0) AS total, coalesce(i.line_count, 0::smallint) AS line_count, b.starts, b.catalog_id,
        b.watermark, b.engine, l.line, l.line_kind::text AS line_kind, l.price_id, l.service_starts, l.service_ends,
        l.quantity, l.counted_before, l.threshold, l.billable, l.amount, l.corrects_period_ends, l.corrects_line,
        f.number, f.label, f.issued_on, f.digest, i.customer_id IS NOT NULL AS is_stored, f.net, f.tax, f.gross,
        f.tax_notes, f.seller_number, f.details_version, f.details_digest, f.catalog_id AS issued_by,
        CASE WHEN l.line IS NULL OR l.line = 1 THEN (
            SELECT string_agg(format('%s|%s|%s|%s|%s|%s|%s|%s', t.place, t.treatment, t.country, t.region, t.category,
                trim_scale(t.percent), t.net, t.tax), E'\n' ORDER BY t.place)
            FROM meterbook.invoice_tax AS t
            WHERE t.customer_id = f.customer_id AND t.subscription_id = f.subscription_id
                AND t.period_ends = f.period_ends AND t.kind = f.kind AND t.issue = f.issue) END AS taxes,
        CASE WHEN l.manual_line IS NOT NULL THEN (
            SELECT m.tax_category FROM meterbook.manual_line AS m
            WHERE m.customer_id = l.customer_id AND m.subscription_id = l.subscription_id
                AND m.number = l.manual_line) END AS tax_category,
        l.manual_line,
        CASE WHEN l.manual_line IS NOT NULL THEN (
            SELECT m.wording FROM meterbook.manual_line AS m
            WHERE m.customer_id = l.customer_id AND m.subscription_id = l.subscription_id
                AND m.number = l.manual_line) END AS wording,
        f.issue, coalesce(-e.amount, 0) AS credit,
        -- Few are issued again: looked up where one is.
        CASE WHEN f.issue > 1 THEN (
            SELECT g.label FROM meterbook.finalized_invoice AS g
            WHERE g.customer_id = f.customer_id AND g.subscription_id = f.subscription_id
                AND g.period_ends = f.period_ends AND g.kind = f.kind AND g.issue = f.issue - 1) END AS replaces,
        r.reason, r.author
    FROM meterbook.finalized_invoice AS f
    LEFT JOIN meterbook.invoice AS i
        ON i.customer_id = f.customer_id AND i.subscription_id = f.subscription_id AND i.period_ends = f.period_ends
        AND i.kind = f.kind
    LEFT JOIN meterbook.invoice_cause AS b
        ON b.customer_id = f.customer_id AND b.subscription_id = f.subscription_id AND b.period_ends = f.period_ends
        AND b.kind = f.kind::text
    LEFT JOIN meterbook.invoice_line AS l
        ON l.customer_id = f.customer_id AND l.subscription_id = f.subscription_id AND l.period_ends = f.period_ends
        AND l.kind = f.kind
    LEFT JOIN meterbook.credit_entry AS e
        ON e.customer_id = f.customer_id AND e.subscription_id = f.subscription_id AND e.period_ends = f.period_ends
        AND e.kind = f.kind AND e.issue = f.issue AND e.origin = 'used'
    LEFT JOIN meterbook.reissued_invoice AS r
        ON r.customer_id = f.customer_id AND r.subscription_id = f.subscription_id AND r.period_ends = f.period_ends
        AND r.kind = f.kind AND r.issue = f.issue
    WHERE f.series_id = {series}
    ORDER BY f.number, f.customer_id, f.subscription_id, f.period_ends, f.kind, l.line
) TO STDOUT (FORMAT binary)
