-- grain:  one row
-- params: none
-- locks:  none
SELECT to_regclass('meterbook.schema_migration') IS NOT NULL AS found
