-- grain:  draft or issue of an invoice × line, by subscription key, period, issue and line
-- params: {first_end}, {last_end}, {run}, or 0 for all: typed literals, since COPY takes no parameters
-- locks:  none
-- Each table is told the range of dates, for only what is compared with a constant leaves months out.
COPY (
    SELECT s.key AS subscription, c.key AS customer, c.name, b.starts, i.period_ends, f.label,
        i.currency, i.total, l.line, l.line_kind::text AS line_kind, l.price_id, l.service_starts, l.service_ends,
        l.quantity, l.counted_before, l.threshold, l.billable, l.amount, l.corrects_period_ends, l.corrects_line,
        i.kind::text AS kind, f.issued_on, v.voided_on, v.reason, v.author,
        f.net, f.tax, f.gross, f.tax_notes, f.seller_number, coalesce(r.details_version, f.details_version) AS details_version, d.legal_name, d.address, d.postal_code,
        d.city, d.region, d.country, d.tax_number, d.po_number,
        CASE WHEN l.line IS NULL OR l.line = 1 THEN (
            SELECT string_agg(format('%s|%s|%s|%s|%s|%s|%s|%s', t.place, t.treatment, t.country, t.region, t.category,
                trim_scale(t.percent), t.net, t.tax), E'\n' ORDER BY t.place)
            FROM meterbook.invoice_tax AS t
            WHERE t.customer_id = f.customer_id AND t.subscription_id = f.subscription_id
                AND t.period_ends = f.period_ends AND t.kind = f.kind AND t.issue = f.issue) END AS taxes,
        p.status AS payment, p.since, l.manual_line,
        CASE WHEN l.manual_line IS NOT NULL THEN (
            SELECT m.wording FROM meterbook.manual_line AS m
            WHERE m.customer_id = l.customer_id AND m.subscription_id = l.subscription_id
                AND m.number = l.manual_line) END AS wording,
        CASE WHEN l.manual_line IS NOT NULL THEN (
            SELECT m.tax_category FROM meterbook.manual_line AS m
            WHERE m.customer_id = l.customer_id AND m.subscription_id = l.subscription_id
                AND m.number = l.manual_line) END AS tax_category,
        r.revision, r.revised_on, r.reason AS revised_for, r.author AS revised_by,
        coalesce(-e.amount, 0) AS credit, n.notes, f.issue,
        -- Few are issued again: looked up where one is.
        CASE WHEN a.issue IS NOT NULL THEN (
            SELECT g.label FROM meterbook.finalized_invoice AS g
            WHERE g.customer_id = a.customer_id AND g.subscription_id = a.subscription_id
                AND g.period_ends = a.period_ends AND g.kind = a.kind AND g.issue = a.issue - 1) END AS replaces,
        a.reissued_on, a.reason AS reissued_for, a.author AS reissued_by,
        CASE WHEN o.issue IS NOT NULL THEN (
            SELECT format('%s|%s', g.issued_on, g.label) FROM meterbook.finalized_invoice AS g
            WHERE g.customer_id = o.customer_id AND g.subscription_id = o.subscription_id
                AND g.period_ends = o.period_ends AND g.kind = o.kind AND g.issue = o.issue) END AS replaced_by,
        CASE WHEN l.line IS NULL OR l.line = 1 THEN (
            SELECT g.gaps FROM meterbook.invoice_gap_text AS g
            WHERE g.customer_id = i.customer_id AND g.subscription_id = i.subscription_id
                AND g.period_ends = i.period_ends AND g.kind = i.kind) END AS gaps
    FROM meterbook.invoice AS i
    JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
    JOIN meterbook.customer AS c USING (customer_id)
    JOIN meterbook.invoice_cause AS b
        ON b.customer_id = i.customer_id AND b.subscription_id = i.subscription_id AND b.period_ends = i.period_ends
        AND b.kind = i.kind::text AND b.period_ends >= {first_end} AND b.period_ends < {last_end}
    LEFT JOIN meterbook.invoice_line AS l
        ON l.customer_id = i.customer_id AND l.subscription_id = i.subscription_id AND l.period_ends = i.period_ends
        AND l.kind = i.kind AND l.period_ends >= {first_end} AND l.period_ends < {last_end}
    LEFT JOIN meterbook.finalized_invoice AS f
        ON f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.period_ends = i.period_ends
        AND f.kind = i.kind
    LEFT JOIN (
        SELECT DISTINCT ON (customer_id, subscription_id, period_ends, kind, issue) customer_id, subscription_id, period_ends,
            kind, issue, revision, details_version, revised_on, reason, author
        FROM meterbook.invoice_revision
        ORDER BY customer_id, subscription_id, period_ends, kind, issue, revision DESC
    ) AS r ON r.customer_id = f.customer_id AND r.subscription_id = f.subscription_id AND r.period_ends = f.period_ends
        AND r.kind = f.kind AND r.issue = f.issue
    LEFT JOIN meterbook.billing_detail AS d
        ON d.customer_id = f.customer_id AND d.version = coalesce(r.details_version, f.details_version)
    LEFT JOIN meterbook.voided_invoice AS v
        ON v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
        AND v.kind = i.kind AND v.issue = coalesce(f.issue, 1)
    LEFT JOIN meterbook.last_payment AS p
        ON p.customer_id = f.customer_id AND p.subscription_id = f.subscription_id AND p.period_ends = f.period_ends
        AND p.kind = f.kind AND p.issue = f.issue
    LEFT JOIN meterbook.credit_entry AS e
        ON e.customer_id = f.customer_id AND e.subscription_id = f.subscription_id AND e.period_ends = f.period_ends
        AND e.kind = f.kind AND e.issue = f.issue AND e.origin = 'used'
    LEFT JOIN meterbook.reissued_invoice AS a
        ON a.customer_id = f.customer_id AND a.subscription_id = f.subscription_id AND a.period_ends = f.period_ends
        AND a.kind = f.kind AND a.issue = f.issue
    LEFT JOIN meterbook.reissued_invoice AS o
        ON o.customer_id = f.customer_id AND o.subscription_id = f.subscription_id AND o.period_ends = f.period_ends
        AND o.kind = f.kind AND o.issue = f.issue + 1
    LEFT JOIN (
        SELECT customer_id, subscription_id, period_ends, kind, issue,
            string_agg(format('%s|%s|%s|%s', label, issued_on, gross, off_due), E'\n' ORDER BY entry) AS notes
        FROM meterbook.credit_note
        GROUP BY customer_id, subscription_id, period_ends, kind, issue
    ) AS n ON n.customer_id = f.customer_id AND n.subscription_id = f.subscription_id AND n.period_ends = f.period_ends
        AND n.kind = f.kind AND n.issue = f.issue
    WHERE i.period_ends >= {first_end} AND i.period_ends < {last_end} AND ({run} = 0 OR b.run_id = {run})
    ORDER BY s.key COLLATE "C", i.period_ends, i.kind, f.issue, l.line
) TO STDOUT (FORMAT binary)
