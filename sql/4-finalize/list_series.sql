-- grain:  one series, in order
-- params: none
-- locks:  none
SELECT series_id, issuer, pattern, digits, year, last_number, last_issued_on, last_digest, revisions,
    last_revision_digest
FROM meterbook.invoice_series ORDER BY issuer, pattern, year, series_id
