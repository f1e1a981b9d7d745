-- migrate:up

COMMENT ON SCHEMA meterbook IS
    'Meterbook: usage readings, totals, invoices. Every table and column says what it holds; every invariant has a name.';

CREATE TABLE meterbook.run (
    run_id bigint GENERATED ALWAYS AS IDENTITY,
    job text NOT NULL,
    as_of date NOT NULL,
    status text NOT NULL DEFAULT 'running',
    exit_code smallint,
    program_version text NOT NULL,
    summary json,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    CONSTRAINT run_pk PRIMARY KEY (run_id),
    CONSTRAINT run_status_known CHECK (status IN ('running', 'succeeded', 'incomplete', 'failed', 'abandoned')),
    CONSTRAINT run_ended_has_end CHECK ((status = 'running') = (ended_at IS NULL)),
    CONSTRAINT run_ended_after_start CHECK (ended_at >= started_at)
);
COMMENT ON TABLE meterbook.run IS 'One row for each time that the program changed the books: the journal.';
COMMENT ON COLUMN meterbook.run.run_id IS 'The number by which people and other tables name the run.';
COMMENT ON COLUMN meterbook.run.job IS 'What was run: nightly, close, backfill, pull, catalog.';
COMMENT ON COLUMN meterbook.run.as_of IS 'The date that the run took for today.';
COMMENT ON COLUMN meterbook.run.status IS
    'running; succeeded; incomplete: done, with rows rejected or subscriptions held; failed; abandoned: killed or '
    'disconnected, noticed by the next run.';
COMMENT ON COLUMN meterbook.run.exit_code IS 'What the program returned to the shell (sysexits).';
COMMENT ON COLUMN meterbook.run.program_version IS 'The version of the program that ran.';
COMMENT ON COLUMN meterbook.run.summary IS 'What the run did, as printed at its end.';
COMMENT ON COLUMN meterbook.run.started_at IS 'When the run began, by the server''s clock.';
COMMENT ON COLUMN meterbook.run.ended_at IS 'When the run ended, by the server''s clock; NULL while it is running.';

CREATE TABLE meterbook.run_step (
    run_id bigint NOT NULL,
    step smallint NOT NULL,
    name text NOT NULL,
    status text NOT NULL DEFAULT 'running',
    detail json,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    CONSTRAINT run_step_pk PRIMARY KEY (run_id, step),
    CONSTRAINT run_step_run_fk FOREIGN KEY (run_id) REFERENCES meterbook.run (run_id),
    CONSTRAINT run_step_status_known
        CHECK (status IN ('running', 'succeeded', 'incomplete', 'failed', 'abandoned')),
    CONSTRAINT run_step_ended_has_end CHECK ((status = 'running') = (ended_at IS NULL))
);
COMMENT ON TABLE meterbook.run_step IS 'The steps of a run, in order.';
COMMENT ON COLUMN meterbook.run_step.run_id IS 'The run.';
COMMENT ON COLUMN meterbook.run_step.step IS 'Its place in the run, from 1.';
COMMENT ON COLUMN meterbook.run_step.name IS 'What the step does, for example "pull orders" or "close".';
COMMENT ON COLUMN meterbook.run_step.status IS 'As for the run.';
COMMENT ON COLUMN meterbook.run_step.detail IS 'What the step did: rows, amounts, watermark.';
COMMENT ON COLUMN meterbook.run_step.started_at IS 'When the step began, by the server''s clock.';
COMMENT ON COLUMN meterbook.run_step.ended_at IS 'When the step ended; NULL while it is running.';

CREATE FUNCTION meterbook.ensure_months(parent text, from_day date, until_day date) RETURNS integer
LANGUAGE plpgsql
SET search_path = meterbook, pg_temp
AS $$
DECLARE
    month date := date_trunc('month', from_day)::date;
    part text;
    made integer := 0;
BEGIN
    WHILE month < until_day LOOP
        part := format('%s_%s', parent, to_char(month, 'YYYYMM'));
        IF to_regclass(format('meterbook.%I', part)) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE meterbook.%I PARTITION OF meterbook.%I FOR VALUES FROM (%L) TO (%L)',
                part, parent, month, (month + interval '1 month')::date);
            made := made + 1;
        END IF;
        month := (month + interval '1 month')::date;
    END LOOP;
    RETURN made;
END
$$;
COMMENT ON FUNCTION meterbook.ensure_months IS
    'Creates the monthly partitions of a table for the days from from_day until before until_day; returns how many '
    'were missing. Only a run calls it, and only one run works at a time.';
