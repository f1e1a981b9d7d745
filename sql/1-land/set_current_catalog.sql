-- grain:  the one row that names the catalog in use
-- params: $1 catalog
-- locks:  row lock
INSERT INTO meterbook.catalog_current (catalog_id) VALUES ($1)
ON CONFLICT (only_row) DO UPDATE SET catalog_id = excluded.catalog_id
WHERE meterbook.catalog_current.catalog_id <> excluded.catalog_id
