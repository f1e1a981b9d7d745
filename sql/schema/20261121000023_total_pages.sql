-- migrate:up

CREATE OR REPLACE FUNCTION meterbook.guard_month(parent text, part text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wall name;
BEGIN
    -- Through the parent its privileges count. Only who copies the books whole has to name a partition.
    EXECUTE format('GRANT SELECT ON meterbook.%I TO meterbook_auditor', part);
    -- PostgreSQL repeats triggers for rows in every partition, and those for statements in none.
    FOR wall IN
        SELECT t.tgname FROM pg_trigger AS t
        WHERE t.tgrelid = format('meterbook.%I', parent)::regclass AND NOT t.tgisinternal
            AND pg_get_triggerdef(t.oid) LIKE '% BEFORE TRUNCATE ON %'
    LOOP
        EXECUTE format(
            'CREATE TRIGGER %I BEFORE TRUNCATE ON meterbook.%I FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change()',
            wall, part);
    END LOOP;
    -- Every night changes all totals of the month under way. With room for a second copy of each row on its page no index is
    -- touched and the table stays as large as it is; without it each night's copies go behind the others.
    IF parent = 'usage_total' THEN
        EXECUTE format('ALTER TABLE meterbook.%I SET (fillfactor = 45)', part);
    END IF;
END
$$;
COMMENT ON FUNCTION meterbook.guard_month IS
    'Gives a monthly partition what it does not have from its table: the auditor''s privilege to read it, the wall against '
    'TRUNCATE, and how full its pages are made.';

-- What is there is not written anew; its pages empty themselves as their rows are changed.
DO $$
DECLARE
    part regclass;
BEGIN
    FOR part IN
        SELECT inhrelid::regclass FROM pg_catalog.pg_inherits WHERE inhparent = 'meterbook.usage_total'::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s SET (fillfactor = 45)', part);
    END LOOP;
END
$$;
