-- grain:  at most one catalog
-- params: none
-- locks:  none
SELECT c.catalog_id, c.sha256, c.document FROM meterbook.catalog_current JOIN meterbook.catalog AS c USING (catalog_id)
