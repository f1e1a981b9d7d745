-- grain:  one catalog
-- params: $1 document, $2 name, $3 currency
-- locks:  none but the new row
INSERT INTO meterbook.catalog (sha256, name, currency, document)
VALUES (encode(sha256(convert_to($1::text, 'UTF8')), 'hex'), $2, $3, $1::text)
RETURNING catalog_id
