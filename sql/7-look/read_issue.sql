-- grain:  at most one row: what an invoice got when it was finalized, or issued again
-- params: $1 customer, $2 subscription, $3 date, $4 kind, $5 revision, or NULL for the last, $6 issue, or NULL for the last
-- locks:  none
SELECT f.label, f.issued_on, f.net, f.tax, f.gross, f.tax_notes, f.seller_number, coalesce(r.details_version, f.details_version) AS details_version, d.legal_name,
    d.address, d.postal_code, d.city, d.region, d.country, d.tax_number, d.po_number, (
        SELECT string_agg(format('%s|%s|%s|%s|%s|%s|%s|%s', t.place, t.treatment, t.country, t.region, t.category,
            trim_scale(t.percent), t.net, t.tax), E'\n' ORDER BY t.place)
        FROM meterbook.invoice_tax AS t
        WHERE t.customer_id = f.customer_id AND t.subscription_id = f.subscription_id AND t.period_ends = f.period_ends
            AND t.kind = f.kind AND t.issue = f.issue) AS taxes, p.status AS payment, p.since, r.revision, r.revised_on, r.reason, r.author,
    coalesce(-e.amount, 0) AS credit, (
        SELECT string_agg(format('%s|%s|%s|%s', n.label, n.issued_on, n.gross, n.off_due), E'\n' ORDER BY n.entry)
        FROM meterbook.credit_note AS n
        WHERE n.customer_id = f.customer_id AND n.subscription_id = f.subscription_id AND n.period_ends = f.period_ends
            AND n.kind = f.kind AND n.issue = f.issue) AS credit_notes,
    f.issue, b.label AS replaces, a.reissued_on, a.reason AS reissued_for, a.author AS reissued_by, g.label AS replaced_by,
    g.issued_on AS replaced_on
FROM meterbook.finalized_invoice AS f
LEFT JOIN LATERAL (
    SELECT x.revision, x.details_version, x.revised_on, x.reason, x.author FROM meterbook.invoice_revision AS x
    WHERE x.customer_id = $1 AND x.subscription_id = $2 AND x.period_ends = $3 AND x.kind = f.kind AND x.issue = f.issue
        AND ($5::integer IS NULL OR x.revision = $5)
    ORDER BY x.revision DESC LIMIT 1
) AS r ON true
LEFT JOIN meterbook.billing_detail AS d
    ON d.customer_id = f.customer_id AND d.version = coalesce(r.details_version, f.details_version)
LEFT JOIN LATERAL (
    SELECT x.status, x.since FROM meterbook.invoice_payment AS x
    WHERE x.customer_id = $1 AND x.subscription_id = $2 AND x.period_ends = $3 AND x.kind = f.kind AND x.issue = f.issue
    ORDER BY x.entry DESC LIMIT 1
) AS p ON true
LEFT JOIN meterbook.credit_entry AS e
    ON e.customer_id = f.customer_id AND e.subscription_id = f.subscription_id AND e.period_ends = f.period_ends
    AND e.kind = f.kind AND e.issue = f.issue AND e.origin = 'used'
LEFT JOIN meterbook.reissued_invoice AS a
    ON a.customer_id = f.customer_id AND a.subscription_id = f.subscription_id AND a.period_ends = f.period_ends
    AND a.kind = f.kind AND a.issue = f.issue
LEFT JOIN meterbook.finalized_invoice AS b
    ON b.customer_id = f.customer_id AND b.subscription_id = f.subscription_id AND b.period_ends = f.period_ends
    AND b.kind = f.kind AND b.issue = f.issue - 1
LEFT JOIN meterbook.finalized_invoice AS g
    ON g.customer_id = f.customer_id AND g.subscription_id = f.subscription_id AND g.period_ends = f.period_ends
    AND g.kind = f.kind AND g.issue = f.issue + 1
WHERE f.customer_id = $1 AND f.subscription_id = $2 AND f.period_ends = $3 AND f.kind::text = $4
    AND ($6::smallint IS NULL OR f.issue = $6)
ORDER BY f.issue DESC
LIMIT 1
