-- grain:  one series
-- params: $1 series, $2 how many revisions, $3 the digest of the last
-- locks:  a row lock on it
UPDATE meterbook.invoice_series SET revisions = $2, last_revision_digest = $3 WHERE series_id = $1
