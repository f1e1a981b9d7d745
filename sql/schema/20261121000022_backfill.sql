-- migrate:up

CREATE TABLE meterbook.backfill (
    backfill_id bigint GENERATED ALWAYS AS IDENTITY,
    source text NOT NULL,
    definition_digest bytea NOT NULL,
    catalog_id integer,
    from_day date NOT NULL,
    to_day date NOT NULL,
    chunk text NOT NULL,
    run_id bigint NOT NULL,
    ended_by bigint,
    CONSTRAINT backfill_pk PRIMARY KEY (backfill_id),
    CONSTRAINT backfill_run_fk FOREIGN KEY (run_id) REFERENCES meterbook.run (run_id),
    CONSTRAINT backfill_ended_by_fk FOREIGN KEY (ended_by) REFERENCES meterbook.run (run_id),
    CONSTRAINT backfill_window_not_empty CHECK (from_day < to_day),
    CONSTRAINT backfill_definition_digest_is_sha256 CHECK (octet_length(definition_digest) = 32)
);
CREATE INDEX backfill_by_source ON meterbook.backfill (source) WHERE ended_by IS NULL;
COMMENT ON TABLE meterbook.backfill IS
    'Past days of a source that are pulled again, chunk by chunk: what goes on where it was interrupted.';
COMMENT ON COLUMN meterbook.backfill.backfill_id IS 'Its number, ascending in time.';
COMMENT ON COLUMN meterbook.backfill.source IS 'The name of the source.';
COMMENT ON COLUMN meterbook.backfill.definition_digest IS
    'SHA-256 of what the sources file says that the rows are: another source of the same name is another backfill.';
COMMENT ON COLUMN meterbook.backfill.catalog_id IS 'The catalog that its rows were taken in by; NULL where there was none.';
COMMENT ON COLUMN meterbook.backfill.from_day IS 'The first day.';
COMMENT ON COLUMN meterbook.backfill.to_day IS 'The first day after the last.';
COMMENT ON COLUMN meterbook.backfill.chunk IS 'How long a chunk is: month, week, 10 days …';
COMMENT ON COLUMN meterbook.backfill.run_id IS 'The run that began it.';
COMMENT ON COLUMN meterbook.backfill.ended_by IS
    'The run that ended well with all of its chunks done; NULL while there is something to go on with.';

CREATE TABLE meterbook.backfill_pull (
    pull_id bigint NOT NULL,
    backfill_id bigint NOT NULL,
    CONSTRAINT backfill_pull_pk PRIMARY KEY (pull_id),
    CONSTRAINT backfill_pull_pull_fk FOREIGN KEY (pull_id) REFERENCES meterbook.pull (pull_id),
    CONSTRAINT backfill_pull_backfill_fk FOREIGN KEY (backfill_id) REFERENCES meterbook.backfill (backfill_id)
);
CREATE INDEX backfill_pull_by_backfill ON meterbook.backfill_pull (backfill_id);
COMMENT ON TABLE meterbook.backfill_pull IS
    'The pulls of a backfill, one or more a chunk, whose days the pull has: a chunk is done when one of them read its source to '
    'the end.';
COMMENT ON COLUMN meterbook.backfill_pull.pull_id IS 'The pull.';
COMMENT ON COLUMN meterbook.backfill_pull.backfill_id IS 'The backfill.';

GRANT SELECT, INSERT, UPDATE (ended_by) ON meterbook.backfill TO meterbook_ingest;
GRANT SELECT, INSERT ON meterbook.backfill_pull TO meterbook_ingest;
GRANT SELECT ON meterbook.backfill, meterbook.backfill_pull TO meterbook_billing, meterbook_auditor;
