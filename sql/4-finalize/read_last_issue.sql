-- grain:  one row
-- params: $1 issuer, $2 pattern
-- locks:  none
-- Of all years, for a series goes on from one year to the next.
SELECT max(last_issued_on) AS issued_on FROM meterbook.invoice_series WHERE issuer = $1 AND pattern = $2
