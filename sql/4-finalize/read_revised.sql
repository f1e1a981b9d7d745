-- grain:  at most one finalized invoice, with its last revision
-- params: $1 customer, $2 subscription, $3 date, $4 kind
-- locks:  a row lock on its series, until the transaction ends: whoever revises waits here
SELECT f.series_id, f.label, f.issued_on, f.catalog_id, f.tax_notes, f.seller_number,
    (
        SELECT string_agg(format('%s|%s|%s|%s|%s|%s|%s|%s', t.place, t.treatment, t.country, t.region, t.category,
            trim_scale(t.percent), t.net, t.tax), E'\n' ORDER BY t.place)
        FROM meterbook.invoice_tax AS t
        WHERE t.customer_id = f.customer_id AND t.subscription_id = f.subscription_id AND t.period_ends = f.period_ends
            AND t.kind = f.kind AND t.issue = f.issue
    ) AS taxes,
    coalesce(r.revision, 0) AS revision, coalesce(r.details_version, f.details_version) AS details_version,
    coalesce(r.digest, f.digest) AS digest, s.revisions, s.last_revision_digest
FROM meterbook.last_issue AS f
JOIN meterbook.invoice_series AS s ON s.series_id = f.series_id
LEFT JOIN LATERAL (
    SELECT x.revision, x.details_version, x.digest FROM meterbook.invoice_revision AS x
    WHERE x.customer_id = f.customer_id AND x.subscription_id = f.subscription_id AND x.period_ends = f.period_ends
        AND x.kind = f.kind AND x.issue = f.issue
    ORDER BY x.revision DESC LIMIT 1
) AS r ON true
WHERE f.customer_id = $1 AND f.subscription_id = $2 AND f.period_ends = $3 AND f.kind::text = $4
FOR UPDATE OF s
