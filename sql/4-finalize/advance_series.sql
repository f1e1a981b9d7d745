-- grain:  one series
-- params: $1 series, $2 number given last, $3 date of that invoice, $4 its digest
-- locks:  a row lock on it
UPDATE meterbook.invoice_series SET last_number = $2, last_issued_on = $3, last_digest = $4 WHERE series_id = $1
