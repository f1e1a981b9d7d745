-- grain:  one row a price of a catalog
-- params: $1 catalog
-- locks:  none
SELECT price_id FROM meterbook.price WHERE catalog_id = $1 ORDER BY ordinal
