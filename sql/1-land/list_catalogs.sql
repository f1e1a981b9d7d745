-- grain:  one row a catalog
-- params: none
-- locks:  none
SELECT catalog_id, document FROM meterbook.catalog ORDER BY catalog_id
