-- grain:  one row
-- params: $1 issuer
-- locks:  none
SELECT max(last_issued_on) AS issued_on FROM meterbook.invoice_series WHERE issuer = $1
