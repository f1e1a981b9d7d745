-- grain:  at most one catalog
-- params: $1 document
-- locks:  none
SELECT catalog_id FROM meterbook.catalog WHERE sha256 = encode(sha256(convert_to($1::text, 'UTF8')), 'hex')
