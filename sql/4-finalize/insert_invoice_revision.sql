-- grain:  one revision
-- params: $1 customer, $2 subscription, $3 date, $4 kind, $5 revision, $6 series, $7 entry, $8 version of the details, $9 their digest, $10 as-of date, $11 reason, $12 author, $13 digest, $14 run, $15 issue
-- locks:  none but the new row
INSERT INTO meterbook.invoice_revision (
    customer_id, subscription_id, period_ends, kind, revision, series_id, entry, details_version, details_digest,
    revised_on, reason, author, digest, run_id, issue)
VALUES ($1, $2, $3, $4::text::meterbook.invoice_kind, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
