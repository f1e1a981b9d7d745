-- grain:  one series, made where it is new
-- params: $1 issuer, $2 pattern, $3 digits, $4 year or NULL
-- locks:  a row lock on the series, until the transaction ends: whoever numbers waits here
INSERT INTO meterbook.invoice_series AS s (issuer, pattern, digits, year) VALUES ($1, $2, $3, $4)
ON CONFLICT (issuer, pattern, coalesce(year, 0)) DO UPDATE SET digits = excluded.digits
RETURNING series_id, last_number, last_issued_on, last_digest
