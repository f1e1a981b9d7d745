-- grain:  the schema, once
-- params: none
-- locks:  none but the new objects
CREATE SCHEMA IF NOT EXISTS meterbook;
CREATE TABLE IF NOT EXISTS meterbook.schema_migration (
    version text NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT schema_migration_pk PRIMARY KEY (version),
    CONSTRAINT schema_migration_version_is_a_time CHECK (version ~ '^[0-9]{14}$'),
    CONSTRAINT schema_migration_sha256_is_hex CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE meterbook.schema_migration IS 'The migrations that have been applied to this database.';
COMMENT ON COLUMN meterbook.schema_migration.version IS 'The time in the file''s name: YYYYMMDDhhmmss.';
COMMENT ON COLUMN meterbook.schema_migration.name IS 'The rest of the file''s name.';
COMMENT ON COLUMN meterbook.schema_migration.sha256 IS 'SHA-256 of the file as it was applied; an edited one is refused.';
COMMENT ON COLUMN meterbook.schema_migration.applied_at IS 'When, by the server''s clock.';
