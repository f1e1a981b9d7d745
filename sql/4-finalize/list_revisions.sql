-- grain:  one row a revision of one series, in their order, with what its invoice was finalized with
-- params: $1 series
-- locks:  none
SELECT r.customer_id, r.subscription_id, r.period_ends, r.kind::text AS kind, r.revision, r.entry, r.details_version,
    r.details_digest, r.revised_on, r.reason, r.author, r.digest, f.label, f.digest AS invoice_digest
FROM meterbook.invoice_revision AS r
LEFT JOIN meterbook.finalized_invoice AS f
    ON f.customer_id = r.customer_id AND f.subscription_id = r.subscription_id AND f.period_ends = r.period_ends
    AND f.kind = r.kind AND f.issue = r.issue
WHERE r.series_id = $1
ORDER BY r.entry, r.customer_id, r.subscription_id, r.period_ends, r.kind, r.issue, r.revision
