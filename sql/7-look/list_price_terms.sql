-- grain:  one row a price of any catalog
-- params: none
-- locks:  none
SELECT p.price_id, p.catalog_id, p.ordinal FROM meterbook.price AS p ORDER BY p.price_id
