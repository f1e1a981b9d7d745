-- grain:  one row an applied migration
-- params: none
-- locks:  none
SELECT version, name, sha256, applied_at FROM meterbook.schema_migration ORDER BY version
