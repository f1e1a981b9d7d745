-- grain:  one applied migration
-- params: $1 version, $2 name, $3 sha256
-- locks:  none but the new row
INSERT INTO meterbook.schema_migration (version, name, sha256) VALUES ($1, $2, $3)
