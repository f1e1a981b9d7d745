-- migrate:up

-- Roles belong to the whole cluster: another database may have them already, or be making them at this moment. Then the unique
-- index on their names makes this transaction wait for that one.
DO $$
DECLARE
    role_name text;
    purpose text;
    todo text[] := '{}';
    keeper text;
BEGIN
    FOR role_name, purpose IN
        VALUES ('meterbook_owner', 'Meterbook: owns the schema. Members migrate it and apply catalogs.'),
            ('meterbook_ingest', 'Meterbook: reads sources into readings and their totals, imports customers and subscriptions.'),
            ('meterbook_billing', 'Meterbook: closes, finalizes, decides, notifies.'),
            ('meterbook_reporting', 'Meterbook: reads the views of the schema reporting, and nothing else.'),
            ('meterbook_auditor', 'Meterbook: reads everything and writes nothing.')
    LOOP
        CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = role_name);
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
            EXECUTE format('COMMENT ON ROLE %I IS %L', role_name, purpose);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN todo := todo || format('CREATE ROLE %I NOLOGIN;', role_name);
        END;
    END LOOP;
    -- Who owns the schema must be able to give it away, and still be able to migrate it afterwards.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'meterbook_owner' AND pg_has_role(oid, 'USAGE')) THEN
        BEGIN
            EXECUTE format('GRANT meterbook_owner TO %I', current_user);
        EXCEPTION
            WHEN unique_violation THEN NULL;
            WHEN insufficient_privilege OR undefined_object THEN
                todo := todo || format('GRANT meterbook_owner TO %I;', current_user);
        END;
    END IF;
    IF cardinality(todo) > 0 THEN
        RAISE EXCEPTION 'the login % may not make the roles that this schema is used by', quote_ident(current_user)
            USING ERRCODE = 'insufficient_privilege',
                HINT = 'an administrator of the server runs this once: ' || array_to_string(todo, ' ');
    END IF;

    SELECT r.rolname INTO keeper FROM pg_namespace AS n JOIN pg_roles AS r ON r.oid = n.nspowner WHERE n.nspname = 'meterbook';
    IF NOT pg_has_role(keeper, 'USAGE') THEN
        RAISE EXCEPTION 'the schema meterbook belongs to %, and the login % is not a member of it',
            quote_ident(keeper), quote_ident(current_user)
            USING ERRCODE = 'insufficient_privilege',
                HINT = format('migrate as %I, or let an administrator run this: GRANT %I TO %I;', keeper, keeper, current_user);
    END IF;
    IF to_regnamespace('reporting') IS NOT NULL THEN
        RAISE EXCEPTION 'the database has a schema reporting already, which is not of Meterbook'
            USING ERRCODE = 'duplicate_schema',
                HINT = 'give it another name (ALTER SCHEMA reporting RENAME TO …), or keep the books in another database';
    END IF;
END
$$;

-- Everything goes to meterbook_owner, so that any member of it can apply the next migration.
CREATE SCHEMA reporting AUTHORIZATION meterbook_owner;
ALTER SCHEMA meterbook OWNER TO meterbook_owner;
DO $$
DECLARE
    item text;
BEGIN
    FOR item IN
        SELECT format('TABLE %s', c.oid::regclass) FROM pg_class AS c
        WHERE c.relnamespace = 'meterbook'::regnamespace AND c.relkind IN ('r', 'p', 'v')
        UNION ALL
        SELECT format('FUNCTION %s', p.oid::regprocedure) FROM pg_proc AS p WHERE p.pronamespace = 'meterbook'::regnamespace
        UNION ALL
        SELECT format('TYPE %s', t.oid::regtype) FROM pg_type AS t
        WHERE t.typnamespace = 'meterbook'::regnamespace AND t.typtype IN ('e', 'd')
    LOOP
        EXECUTE format('ALTER %s OWNER TO meterbook_owner', item);
    END LOOP;
END
$$;
SET LOCAL ROLE meterbook_owner;

-- Nothing is for everybody, and nothing that later migrations add either.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;

CREATE FUNCTION meterbook.guard_month(parent text, part text) RETURNS void
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
END
$$;
COMMENT ON FUNCTION meterbook.guard_month IS
    'Gives a monthly partition what it does not have from its table: the auditor''s privilege to read it, and the wall against '
    'TRUNCATE.';

CREATE OR REPLACE FUNCTION meterbook.ensure_months(parent text, from_day date, until_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    month date := date_trunc('month', from_day)::date;
    part text;
    made integer := 0;
BEGIN
    -- It acts as the owner for whoever calls it: it adds months to the tables of Meterbook, and does nothing else.
    IF NOT EXISTS (
        SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = 'meterbook' AND c.relname = parent AND c.relkind = 'p')
    THEN
        RAISE EXCEPTION 'meterbook has no table % that is divided by month', quote_ident(parent)
            USING ERRCODE = 'undefined_table';
    END IF;
    WHILE month < until_day LOOP
        part := format('%s_%s', parent, to_char(month, 'YYYYMM'));
        IF to_regclass(format('meterbook.%I', part)) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE meterbook.%I PARTITION OF meterbook.%I FOR VALUES FROM (%L) TO (%L)',
                part, parent, month, (month + interval '1 month')::date);
            PERFORM meterbook.guard_month(parent, part);
            made := made + 1;
        END IF;
        month := (month + interval '1 month')::date;
    END LOOP;
    RETURN made;
END
$$;
COMMENT ON FUNCTION meterbook.ensure_months IS
    'Creates the monthly partitions of a table for the days from from_day until before until_day, as the owner of the schema; '
    'returns how many were missing. Only a run calls it, and only one run works at a time.';

SELECT meterbook.guard_month(p.relname, c.relname)
FROM pg_class AS c
JOIN pg_inherits AS i ON i.inhrelid = c.oid
JOIN pg_class AS p ON p.oid = i.inhparent
WHERE c.relnamespace = 'meterbook'::regnamespace AND c.relkind = 'r' AND p.relkind = 'p';

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA meterbook FROM PUBLIC;
REVOKE ALL ON TYPE meterbook.invoice_kind, meterbook.line_kind FROM PUBLIC;
GRANT USAGE ON SCHEMA meterbook TO meterbook_ingest, meterbook_billing, meterbook_auditor;
GRANT USAGE ON SCHEMA reporting TO meterbook_reporting, meterbook_auditor;

GRANT EXECUTE ON FUNCTION meterbook.day_start, meterbook.subscription_day_start, meterbook.known_day_start
    TO meterbook_ingest, meterbook_billing, meterbook_auditor;
GRANT EXECUTE ON FUNCTION meterbook.ensure_months TO meterbook_ingest, meterbook_billing;
-- A constraint of billing_detail calls it for whoever adds a row.
GRANT EXECUTE ON FUNCTION meterbook.detail_digest TO meterbook_ingest;

-- What the next migration adds to the tables says here who may do what with it. A test holds all of it against a list.

-- The journal: every run writes it. A run finds what a killed one left, of either kind.
GRANT SELECT, INSERT, UPDATE ON meterbook.run, meterbook.run_step TO meterbook_ingest, meterbook_billing;
GRANT SELECT, INSERT, UPDATE ON meterbook.pull TO meterbook_ingest;
GRANT SELECT, UPDATE (status) ON meterbook.pull TO meterbook_billing;
GRANT SELECT ON meterbook.schema_migration, meterbook.replay_start TO meterbook_ingest, meterbook_billing;

-- Catalogs: the owner's alone to apply.
GRANT SELECT ON meterbook.catalog, meterbook.catalog_current, meterbook.meter, meterbook.plan, meterbook.price,
    meterbook.total_cut TO meterbook_ingest, meterbook_billing;

-- What sources deliver.
GRANT SELECT, INSERT, UPDATE ON meterbook.customer, meterbook.billing_detail, meterbook.account, meterbook.membership,
    meterbook.subscription_zone, meterbook.reading, meterbook.connection_interval, meterbook.month_reading TO meterbook_ingest;
GRANT SELECT, INSERT, UPDATE, DELETE ON meterbook.customer_contact TO meterbook_ingest;
GRANT SELECT, INSERT ON meterbook.channel, meterbook.rejected_row, meterbook.reading_superseded,
    meterbook.connection_interval_superseded, meterbook.membership_superseded, meterbook.subscription_zone_superseded
    TO meterbook_ingest;
GRANT SELECT ON meterbook.customer, meterbook.billing_detail, meterbook.account, meterbook.membership,
    meterbook.subscription_zone, meterbook.reading, meterbook.connection_interval, meterbook.month_reading,
    meterbook.customer_contact, meterbook.channel, meterbook.rejected_row, meterbook.reading_superseded,
    meterbook.connection_interval_superseded, meterbook.membership_superseded, meterbook.subscription_zone_superseded
    TO meterbook_billing;

-- Subscriptions: sources bring them, and name another plan; billing applies it.
GRANT SELECT, INSERT, UPDATE ON meterbook.subscription TO meterbook_ingest;
GRANT SELECT, UPDATE ON meterbook.subscription TO meterbook_billing;
GRANT SELECT, INSERT ON meterbook.subscription_superseded, meterbook.subscription_cut TO meterbook_ingest, meterbook_billing;
GRANT SELECT, INSERT, UPDATE, DELETE ON meterbook.open_period TO meterbook_ingest, meterbook_billing;
GRANT SELECT, INSERT, UPDATE ON meterbook.plan_change TO meterbook_ingest, meterbook_billing;

-- Totals: a pull keeps them, and a close brings them up to date before it reads them.
GRANT SELECT, INSERT, UPDATE ON meterbook.usage_total, meterbook.late_usage TO meterbook_ingest;
GRANT SELECT, INSERT, UPDATE ON meterbook.usage_total TO meterbook_billing;
GRANT SELECT, INSERT, UPDATE, DELETE ON meterbook.late_usage TO meterbook_billing;
GRANT SELECT, INSERT, UPDATE, DELETE ON meterbook.meter_progress TO meterbook_ingest, meterbook_billing;

-- Periods and invoices: rows are only added. What is late is told by the periods that are closed.
GRANT SELECT ON meterbook.billing_period TO meterbook_ingest;
GRANT SELECT, INSERT ON meterbook.billing_period, meterbook.invoice, meterbook.invoice_line, meterbook.finalized_invoice,
    meterbook.invoice_tax, meterbook.voided_invoice, meterbook.invoice_payment TO meterbook_billing;
GRANT SELECT ON meterbook.invoice_cause TO meterbook_billing;
GRANT SELECT, INSERT, UPDATE ON meterbook.invoice_series, meterbook.invoice_hold TO meterbook_billing;
GRANT SELECT, INSERT, DELETE ON meterbook.draft_month TO meterbook_billing;
GRANT SELECT, INSERT, UPDATE, DELETE ON meterbook.hold TO meterbook_billing;

-- Decisions. When a source names another plan, what was announced for one is taken back.
GRANT SELECT ON meterbook.plan_decision TO meterbook_ingest;
GRANT SELECT, INSERT ON meterbook.plan_decision, meterbook.plan_change_pause TO meterbook_billing;
GRANT SELECT, INSERT, DELETE ON meterbook.plan_change_excess TO meterbook_billing;

-- Messages: a pull alerts, too.
GRANT SELECT, INSERT, UPDATE ON meterbook.notice, meterbook.alert_progress TO meterbook_ingest, meterbook_billing;
GRANT SELECT, INSERT, DELETE ON meterbook.alert_due TO meterbook_ingest, meterbook_billing;

-- The auditor.
GRANT SELECT ON ALL TABLES IN SCHEMA meterbook TO meterbook_auditor;

COMMENT ON SCHEMA reporting IS
    'Views for reports and dashboards: stable (columns are added, never renamed, moved or taken away) and without personal data. '
    'Amounts stand in major units beside their currency, and as whole minor units in the column of the same name with '
    '_minor.';
CREATE VIEW reporting.currency AS
SELECT unnest(string_to_array('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF', ' ')) AS code, 0 AS places,
    1::numeric AS minor_unit
UNION ALL
SELECT unnest(string_to_array('BHD IQD JOD KWD LYD OMR TND', ' ')), 3, 0.001;
COMMENT ON VIEW reporting.currency IS
    'The currencies whose amounts do not have two decimal places; all others have two.';
COMMENT ON COLUMN reporting.currency.code IS 'ISO 4217 code.';
COMMENT ON COLUMN reporting.currency.places IS 'How many decimal places its amounts have: 0 or 3.';
COMMENT ON COLUMN reporting.currency.minor_unit IS 'What its minor unit is worth: 1 or 0.001.';

CREATE VIEW reporting.invoice AS
SELECT c.key AS customer, s.key AS subscription, i.kind::text AS kind,
    coalesce(b.starts, h.takes_effect) AS period_starts, i.period_ends,
    -- Not looked up where nobody asks for it.
    (
        SELECT t.key
        FROM meterbook.invoice_line AS l
        JOIN meterbook.price AS r USING (price_id)
        JOIN meterbook.plan AS t USING (plan_id)
        WHERE l.customer_id = i.customer_id AND l.subscription_id = i.subscription_id AND l.period_ends = i.period_ends
            AND l.kind = i.kind AND l.line_kind <> 'correction'
        ORDER BY l.service_starts DESC, l.line DESC LIMIT 1
    ) AS plan,
    CASE WHEN v.customer_id IS NOT NULL THEN 'voided' WHEN f.customer_id IS NOT NULL THEN 'finalized' ELSE 'draft' END AS status,
    f.label AS number, f.issued_on, v.voided_on,
    CASE WHEN f.customer_id IS NOT NULL THEN coalesce(p.status, 'unpaid') END AS payment_status, p.since AS payment_since,
    i.currency, i.total * coalesce(x.minor_unit, 0.01) AS total, i.total AS total_minor,
    f.net * coalesce(x.minor_unit, 0.01) AS net, f.net AS net_minor,
    f.tax * coalesce(x.minor_unit, 0.01) AS tax, f.tax AS tax_minor,
    f.gross * coalesce(x.minor_unit, 0.01) AS gross, f.gross AS gross_minor, i.line_count,
    coalesce(b.run_id, h.settled_run) AS run_id, f.run_id AS finalized_run_id
FROM meterbook.invoice AS i
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
LEFT JOIN meterbook.billing_period AS b
    ON b.customer_id = i.customer_id AND b.subscription_id = i.subscription_id AND b.ends = i.period_ends
    AND i.kind = 'period'
LEFT JOIN meterbook.plan_change AS h
    ON h.customer_id = i.customer_id AND h.subscription_id = i.subscription_id AND h.takes_effect = i.period_ends
    AND h.catalog_id IS NOT NULL AND i.kind = 'change'
LEFT JOIN reporting.currency AS x ON x.code = i.currency
LEFT JOIN meterbook.finalized_invoice AS f
    ON f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.period_ends = i.period_ends
    AND f.kind = i.kind
LEFT JOIN meterbook.voided_invoice AS v
    ON v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
    AND v.kind = i.kind
LEFT JOIN (
    SELECT DISTINCT ON (customer_id, subscription_id, period_ends, kind) customer_id, subscription_id, period_ends, kind,
        status, since
    FROM meterbook.invoice_payment
    ORDER BY customer_id, subscription_id, period_ends, kind, entry DESC
) AS p ON p.customer_id = i.customer_id AND p.subscription_id = i.subscription_id AND p.period_ends = i.period_ends
    AND p.kind = i.kind;
COMMENT ON VIEW reporting.invoice IS
    'One row an invoice, as it stands: drafts, finalized and voided ones.';
COMMENT ON COLUMN reporting.invoice.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.invoice.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.invoice.kind IS
    'period: what a billing period came to; change: what a change of plan at once came to.';
COMMENT ON COLUMN reporting.invoice.period_starts IS
    'The first day of the billing period; the day of the change for a change.';
COMMENT ON COLUMN reporting.invoice.period_ends IS
    'The first day after the billing period: the date by which the invoice is named.';
COMMENT ON COLUMN reporting.invoice.plan IS 'The plan of its latest service; NULL where it has no line but corrections.';
COMMENT ON COLUMN reporting.invoice.status IS
    'draft: written, and without a number; finalized: numbered and immutable; voided: taken back as a whole.';
COMMENT ON COLUMN reporting.invoice.number IS 'The number as it is printed; NULL without one. A voided invoice keeps it.';
COMMENT ON COLUMN reporting.invoice.issued_on IS 'The date of the finalized invoice; NULL of a draft.';
COMMENT ON COLUMN reporting.invoice.voided_on IS 'The day on which it was taken back; NULL if it was not.';
COMMENT ON COLUMN reporting.invoice.payment_status IS
    'unpaid, paid or uncollectible, as somebody said last; NULL of what was never finalized.';
COMMENT ON COLUMN reporting.invoice.payment_since IS 'The day of that word; NULL where nobody said anything.';
COMMENT ON COLUMN reporting.invoice.currency IS 'ISO 4217 code of the amounts.';
COMMENT ON COLUMN reporting.invoice.total IS
    'The sum of its lines, with tax where prices include it; negative for a credit.';
COMMENT ON COLUMN reporting.invoice.total_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.invoice.net IS 'Without tax; NULL of what was never finalized, because tax is settled then.';
COMMENT ON COLUMN reporting.invoice.net_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.invoice.tax IS 'The tax; NULL as net.';
COMMENT ON COLUMN reporting.invoice.tax_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.invoice.gross IS 'What is to be paid; NULL as net.';
COMMENT ON COLUMN reporting.invoice.gross_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.invoice.line_count IS 'How many lines it has.';
COMMENT ON COLUMN reporting.invoice.run_id IS 'The run that wrote it.';
COMMENT ON COLUMN reporting.invoice.finalized_run_id IS 'The run that finalized it; NULL if none did.';

CREATE VIEW reporting.invoice_line AS
SELECT c.key AS customer, s.key AS subscription, l.kind::text AS kind, l.period_ends, l.line,
    CASE WHEN v.customer_id IS NOT NULL THEN 'voided' WHEN f.customer_id IS NOT NULL THEN 'finalized' ELSE 'draft' END AS status,
    l.line_kind::text AS line_kind, t.key AS plan, r.key AS price, r.name AS price_name, m.key AS meter,
    l.service_starts, l.service_ends, l.quantity,
    CASE WHEN m.key IS NOT NULL AND l.line_kind IN ('usage', 'correction') THEN l.billable END AS billable,
    CASE WHEN l.line_kind = 'usage' THEN l.counted_before END AS counted_before,
    CASE WHEN l.line_kind = 'usage' THEN l.threshold END AS threshold,
    i.currency, l.amount * coalesce(x.minor_unit, 0.01) AS amount, l.amount AS amount_minor, l.corrects_period_ends, l.corrects_line
FROM meterbook.invoice_line AS l
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
LEFT JOIN meterbook.price AS r USING (price_id)
LEFT JOIN meterbook.plan AS t ON t.plan_id = r.plan_id
LEFT JOIN meterbook.meter AS m ON m.meter_id = r.meter_id
LEFT JOIN reporting.currency AS x ON x.code = i.currency
LEFT JOIN meterbook.finalized_invoice AS f USING (customer_id, subscription_id, period_ends, kind)
LEFT JOIN meterbook.voided_invoice AS v USING (customer_id, subscription_id, period_ends, kind);
COMMENT ON VIEW reporting.invoice_line IS
    'One row a line of an invoice.';
COMMENT ON COLUMN reporting.invoice_line.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.invoice_line.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.invoice_line.kind IS 'As in invoice.';
COMMENT ON COLUMN reporting.invoice_line.period_ends IS 'The invoice: as in invoice.';
COMMENT ON COLUMN reporting.invoice_line.line IS 'The line''s place on it, from 1.';
COMMENT ON COLUMN reporting.invoice_line.status IS 'That of the invoice: draft, finalized or voided.';
COMMENT ON COLUMN reporting.invoice_line.line_kind IS
    'flat: a fixed amount; usage: usage against an allowance; minimum: what an allowance period lacks to the least that '
    'it costs; discount; manual: what a person added; correction: the difference that late usage made to a line of an earlier invoice.';
COMMENT ON COLUMN reporting.invoice_line.plan IS 'The plan whose price it is; NULL for a manual line.';
COMMENT ON COLUMN reporting.invoice_line.price IS 'The price''s key in the catalog; NULL for a manual line.';
COMMENT ON COLUMN reporting.invoice_line.price_name IS 'What the price is called on invoices.';
COMMENT ON COLUMN reporting.invoice_line.meter IS
    'What was counted, which is the unit of the quantity; NULL for a price that counts nothing.';
COMMENT ON COLUMN reporting.invoice_line.service_starts IS 'The first day of the service.';
COMMENT ON COLUMN reporting.invoice_line.service_ends IS 'The first day after the service.';
COMMENT ON COLUMN reporting.invoice_line.quantity IS
    'usage: what was counted in the service period, in the smallest parts of the meter''s unit; correction: by how much '
    'that changed; otherwise 1.';
COMMENT ON COLUMN reporting.invoice_line.billable IS
    'Units beyond the allowance; in a correction, by how much they changed; NULL for a price that counts nothing.';
COMMENT ON COLUMN reporting.invoice_line.counted_before IS
    'usage: what had been counted in the allowance period before; NULL of other lines.';
COMMENT ON COLUMN reporting.invoice_line.threshold IS
    'usage: the count beyond which units are charged; NULL of other lines.';
COMMENT ON COLUMN reporting.invoice_line.currency IS 'ISO 4217 code of the amounts.';
COMMENT ON COLUMN reporting.invoice_line.amount IS 'What it costs, with tax where prices include it.';
COMMENT ON COLUMN reporting.invoice_line.amount_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.invoice_line.corrects_period_ends IS
    'correction: the invoice whose line is corrected; NULL of other lines.';
COMMENT ON COLUMN reporting.invoice_line.corrects_line IS 'correction: that line''s place; NULL of other lines.';

CREATE VIEW reporting.usage_month AS
SELECT c.key AS customer, s.key AS subscription, m.key AS meter, date_trunc('month', u.start)::date AS month,
    sum(u.quantity)::bigint AS quantity
FROM meterbook.usage_total AS u
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.meter AS m USING (meter_id)
WHERE m.is_running
GROUP BY c.key, s.key, m.key, date_trunc('month', u.start)::date;
COMMENT ON VIEW reporting.usage_month IS
    'What each subscription used in a calendar month. Of meters that add up: what is no sum of days has a figure for '
    'billing periods alone, in usage_period.';
COMMENT ON COLUMN reporting.usage_month.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.usage_month.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.usage_month.meter IS 'What was counted.';
COMMENT ON COLUMN reporting.usage_month.month IS 'The first day of the month.';
COMMENT ON COLUMN reporting.usage_month.quantity IS
    'The total of all readings of its days, as they are known now; in the smallest parts of the meter''s unit.';

CREATE VIEW reporting.usage_period AS
SELECT c.key AS customer, s.key AS subscription, m.key AS meter, b.starts AS period_starts, b.ends AS period_ends, b.status,
    sum(u.quantity)::bigint AS quantity
FROM (
    SELECT customer_id, subscription_id, starts, ends, 'closed' AS status FROM meterbook.billing_period
    UNION ALL
    SELECT customer_id, subscription_id, starts, ends, 'open' FROM meterbook.open_period
) AS b
JOIN meterbook.usage_total AS u
    ON u.customer_id = b.customer_id AND u.subscription_id = b.subscription_id AND u.start >= b.starts AND u.start < b.ends
JOIN meterbook.customer AS c ON c.customer_id = b.customer_id
JOIN meterbook.subscription AS s ON s.customer_id = b.customer_id AND s.subscription_id = b.subscription_id
JOIN meterbook.meter AS m ON m.meter_id = u.meter_id
GROUP BY c.key, s.key, m.key, b.starts, b.ends, b.status;
COMMENT ON VIEW reporting.usage_period IS
    'What each subscription used in a billing period, as it is known now: late readings are in it, billed or not.';
COMMENT ON COLUMN reporting.usage_period.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.usage_period.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.usage_period.meter IS 'What was counted.';
COMMENT ON COLUMN reporting.usage_period.period_starts IS 'The first day of the billing period.';
COMMENT ON COLUMN reporting.usage_period.period_ends IS 'The first day after it.';
COMMENT ON COLUMN reporting.usage_period.status IS
    'closed: it has been invoiced; open: the period that the subscription is in.';
COMMENT ON COLUMN reporting.usage_period.quantity IS 'What the meter counted in it, in the smallest parts of its unit.';

CREATE VIEW reporting.plan_decision AS
SELECT c.key AS customer, s.key AS subscription, d.month, d.rule, d.decided_on, p.key AS plan, d.outcome, d.reason,
    t.key AS target_plan, d.window_starts, round(d.figure_sum::numeric / d.figure_months, 2) AS figure,
    h.takes_effect AS change_takes_effect, h.status AS change_status, d.run_id
FROM meterbook.plan_decision AS d
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.plan AS p ON p.plan_id = d.plan_id
LEFT JOIN meterbook.plan AS t ON t.plan_id = d.target_plan_id
LEFT JOIN meterbook.plan_change AS h
    ON h.customer_id = d.customer_id AND h.subscription_id = d.subscription_id AND h.month = d.month;
COMMENT ON VIEW reporting.plan_decision IS
    'What was decided on the plan of each subscription in a month, with the change that followed.';
COMMENT ON COLUMN reporting.plan_decision.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.plan_decision.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.plan_decision.month IS
    'The first day of the month of the decision; the months before it counted.';
COMMENT ON COLUMN reporting.plan_decision.rule IS 'The rule''s key in the catalog.';
COMMENT ON COLUMN reporting.plan_decision.decided_on IS 'The as-of date of the run that decided.';
COMMENT ON COLUMN reporting.plan_decision.plan IS 'The plan at that time.';
COMMENT ON COLUMN reporting.plan_decision.outcome IS 'up, down or stays.';
COMMENT ON COLUMN reporting.plan_decision.reason IS 'Why: a stable word.';
COMMENT ON COLUMN reporting.plan_decision.target_plan IS
    'The plan that it moves to; with stays the one that it would have moved to, had nothing stood in the way; NULL for none.';
COMMENT ON COLUMN reporting.plan_decision.window_starts IS 'The first day that counted.';
COMMENT ON COLUMN reporting.plan_decision.figure IS
    'What was compared: the mean of the months, to two places; NULL where nothing was.';
COMMENT ON COLUMN reporting.plan_decision.change_takes_effect IS 'The day of the change that follows; NULL for none.';
COMMENT ON COLUMN reporting.plan_decision.change_status IS
    'announced, applied, withdrawn or preempted, as in plan_change; NULL without one.';
COMMENT ON COLUMN reporting.plan_decision.run_id IS 'The run that decided.';

CREATE VIEW reporting.plan_change AS
SELECT c.key AS customer, s.key AS subscription, h.change_id, h.origin, h.rule, w.key AS was_plan, p.key AS plan,
    h.was_pays_every, h.pays_every, h.is_at_once, h.status, h.announced_on, h.takes_effect, h.settled_on
FROM meterbook.plan_change AS h
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.plan AS w ON w.plan_id = h.was_plan_id
JOIN meterbook.plan AS p ON p.plan_id = h.plan_id;
COMMENT ON VIEW reporting.plan_change IS
    'Changes of plan or rhythm: decided, asked for, or named by a source.';
COMMENT ON COLUMN reporting.plan_change.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.plan_change.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.plan_change.change_id IS 'Its number, ascending in time.';
COMMENT ON COLUMN reporting.plan_change.origin IS
    'decision: a rule of the catalog; request: somebody asked for it; source: a source named another plan.';
COMMENT ON COLUMN reporting.plan_change.rule IS 'The key of the rule that decided; NULL where none did.';
COMMENT ON COLUMN reporting.plan_change.was_plan IS 'The plan until then.';
COMMENT ON COLUMN reporting.plan_change.plan IS 'The plan from then on.';
COMMENT ON COLUMN reporting.plan_change.was_pays_every IS 'How often it was paid until then; NULL where that stays.';
COMMENT ON COLUMN reporting.plan_change.pays_every IS 'How often it is paid from then on; NULL where that stays.';
COMMENT ON COLUMN reporting.plan_change.is_at_once IS
    'Whether it falls into a period that is paid already, so that it has an invoice of its own.';
COMMENT ON COLUMN reporting.plan_change.status IS
    'announced: pending; applied; withdrawn: its reason is gone; preempted: another change or the end came first.';
COMMENT ON COLUMN reporting.plan_change.announced_on IS 'The day on which it was announced or asked for.';
COMMENT ON COLUMN reporting.plan_change.takes_effect IS 'The first day of the new plan.';
COMMENT ON COLUMN reporting.plan_change.settled_on IS
    'The day on which it was applied, withdrawn or given up; NULL while it is pending.';

CREATE VIEW reporting.subscription AS
SELECT c.key AS customer, s.key AS subscription, p.key AS plan, s.pays_every, s.currency, s.time_zone, s.contract, s.coupon,
    s.anchor, s.signed_up, s.starts, s.ends, o.starts AS period_starts, o.ends AS period_ends,
    n.key AS next_plan, h.takes_effect AS next_plan_from,
    EXISTS (
        SELECT FROM meterbook.hold AS w WHERE w.customer_id = s.customer_id AND w.subscription_id = s.subscription_id
    ) AS is_held
FROM meterbook.subscription AS s
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.plan AS p USING (plan_id)
LEFT JOIN meterbook.open_period AS o USING (customer_id, subscription_id)
LEFT JOIN meterbook.plan_change AS h
    ON h.customer_id = s.customer_id AND h.subscription_id = s.subscription_id AND h.status = 'announced'
    AND h.plan_id <> s.plan_id
LEFT JOIN meterbook.plan AS n ON n.plan_id = h.plan_id;
COMMENT ON VIEW reporting.subscription IS
    'Every subscription with its present plan and the period that it is in.';
COMMENT ON COLUMN reporting.subscription.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.subscription.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.subscription.plan IS 'The plan that it holds.';
COMMENT ON COLUMN reporting.subscription.pays_every IS 'How often flat prices are paid: month, year, 2 months …';
COMMENT ON COLUMN reporting.subscription.currency IS 'ISO 4217 code of its invoices.';
COMMENT ON COLUMN reporting.subscription.time_zone IS 'The zone in which its days were counted at first, by its IANA name.';
COMMENT ON COLUMN reporting.subscription.contract IS
    'The contract whose versions of the plan go before the others; NULL for none.';
COMMENT ON COLUMN reporting.subscription.coupon IS 'The coupon that it holds; NULL for none.';
COMMENT ON COLUMN reporting.subscription.anchor IS 'The date from which all its boundaries are computed.';
COMMENT ON COLUMN reporting.subscription.signed_up IS 'The date that decides its cohort.';
COMMENT ON COLUMN reporting.subscription.starts IS 'The first day that is billed.';
COMMENT ON COLUMN reporting.subscription.ends IS 'No period begins on or after this day; NULL while it goes on.';
COMMENT ON COLUMN reporting.subscription.period_starts IS
    'The first day of the period that it is in; NULL when it has ended.';
COMMENT ON COLUMN reporting.subscription.period_ends IS 'The first day after that period; NULL when it has ended.';
COMMENT ON COLUMN reporting.subscription.next_plan IS 'The plan that is announced; NULL for none.';
COMMENT ON COLUMN reporting.subscription.next_plan_from IS 'The first day of that plan; NULL for none.';
COMMENT ON COLUMN reporting.subscription.is_held IS 'Whether a close has set it aside for a person.';

CREATE VIEW reporting.hold AS
SELECT c.key AS customer, s.key AS subscription, 'subscription' AS held, w.period_ends, NULL::text AS kind, w.reason,
    ''::text AS subject, NULL::numeric AS figure, NULL::numeric AS bound, r.as_of AS held_on, 'held'::text AS status,
    NULL::date AS settled_on, w.run_id
FROM meterbook.hold AS w
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.run AS r USING (run_id)
UNION ALL
SELECT c.key, s.key, 'invoice', h.period_ends, h.kind::text, h.reason, h.subject, h.figure, h.bound, h.held_on, h.status,
    h.settled_on, h.run_id
FROM meterbook.invoice_hold AS h
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id);
COMMENT ON VIEW reporting.hold IS
    'What waits for a person, and the invoices that have waited: subscriptions that could not be closed, and drafts that '
    'look wrong.';
COMMENT ON COLUMN reporting.hold.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.hold.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.hold.held IS
    'subscription: its period could not be closed, and the next close tries again; invoice: the draft is not finalized '
    'before somebody releases it.';
COMMENT ON COLUMN reporting.hold.period_ends IS 'The period that could not be closed, or the invoice.';
COMMENT ON COLUMN reporting.hold.kind IS 'The kind of the invoice, as in invoice; NULL for a subscription.';
COMMENT ON COLUMN reporting.hold.reason IS 'The reason code.';
COMMENT ON COLUMN reporting.hold.subject IS 'The meter or the source; empty for the whole.';
COMMENT ON COLUMN reporting.hold.figure IS
    'What was found: a quantity in the smallest parts of the meter''s unit, days, or an amount in minor units; NULL for '
    'a subscription.';
COMMENT ON COLUMN reporting.hold.bound IS 'What it was compared with, in the same; NULL for a subscription.';
COMMENT ON COLUMN reporting.hold.held_on IS 'The as-of date of the run that held it.';
COMMENT ON COLUMN reporting.hold.status IS 'held; released; rejected: the invoice was voided.';
COMMENT ON COLUMN reporting.hold.settled_on IS 'The day on which somebody released or rejected it; NULL until then.';
COMMENT ON COLUMN reporting.hold.run_id IS 'The run that held it.';

CREATE VIEW reporting.run AS
SELECT r.run_id, r.job, r.as_of, r.status, r.exit_code, r.program_version, r.started_at, r.ended_at,
    round(extract(epoch FROM r.ended_at - r.started_at), 3) AS seconds
FROM meterbook.run AS r;
COMMENT ON VIEW reporting.run IS
    'The journal: each time that the program changed the books.';
COMMENT ON COLUMN reporting.run.run_id IS 'Its number.';
COMMENT ON COLUMN reporting.run.job IS 'What was run: nightly, close, pull …';
COMMENT ON COLUMN reporting.run.as_of IS 'The date that it took for today.';
COMMENT ON COLUMN reporting.run.status IS
    'running; succeeded; incomplete: done, with rows rejected or something held; failed; abandoned: killed or disconnected.';
COMMENT ON COLUMN reporting.run.exit_code IS 'What the program returned to the shell; NULL while it runs.';
COMMENT ON COLUMN reporting.run.program_version IS 'The version of the program.';
COMMENT ON COLUMN reporting.run.started_at IS 'When it began.';
COMMENT ON COLUMN reporting.run.ended_at IS 'When it ended; NULL while it runs.';
COMMENT ON COLUMN reporting.run.seconds IS 'How long it took; NULL while it runs.';

CREATE VIEW reporting.revenue_by_invoice_month AS
SELECT date_trunc('month', i.period_ends)::date AS month, t.key AS plan, i.currency, l.line_kind::text AS line_kind,
    CASE WHEN f.customer_id IS NOT NULL THEN 'finalized' ELSE 'draft' END AS status,
    count(*) AS lines, sum(l.amount) * coalesce(x.minor_unit, 0.01) AS amount, sum(l.amount) AS amount_minor
FROM meterbook.invoice_line AS l
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
LEFT JOIN meterbook.price AS r USING (price_id)
LEFT JOIN meterbook.plan AS t USING (plan_id)
LEFT JOIN reporting.currency AS x ON x.code = i.currency
LEFT JOIN meterbook.finalized_invoice AS f USING (customer_id, subscription_id, period_ends, kind)
WHERE NOT EXISTS (
    SELECT FROM meterbook.voided_invoice AS v
    WHERE v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
        AND v.kind = i.kind)
GROUP BY 1, t.key, i.currency, l.line_kind, 5, x.minor_unit;
COMMENT ON VIEW reporting.revenue_by_invoice_month IS
    'What was invoiced, by the month of the invoice; voided invoices left out.';
COMMENT ON COLUMN reporting.revenue_by_invoice_month.month IS 'The first day of the month of the invoice''s period_ends.';
COMMENT ON COLUMN reporting.revenue_by_invoice_month.plan IS 'The plan whose prices they are; NULL for manual lines.';
COMMENT ON COLUMN reporting.revenue_by_invoice_month.currency IS 'ISO 4217 code of the amounts.';
COMMENT ON COLUMN reporting.revenue_by_invoice_month.line_kind IS
    'flat, usage, minimum, discount, manual or correction, as in invoice_line.';
COMMENT ON COLUMN reporting.revenue_by_invoice_month.status IS 'That of the invoices: draft or finalized.';
COMMENT ON COLUMN reporting.revenue_by_invoice_month.lines IS 'How many lines.';
COMMENT ON COLUMN reporting.revenue_by_invoice_month.amount IS 'What they come to, with tax where prices include it.';
COMMENT ON COLUMN reporting.revenue_by_invoice_month.amount_minor IS 'The same in minor units.';

CREATE VIEW reporting.revenue_by_service_month AS
SELECT date_trunc('month', l.service_starts)::date AS month, t.key AS plan, i.currency, l.line_kind::text AS line_kind,
    CASE WHEN f.customer_id IS NOT NULL THEN 'finalized' ELSE 'draft' END AS status,
    count(*) AS lines, sum(l.amount) * coalesce(x.minor_unit, 0.01) AS amount, sum(l.amount) AS amount_minor
FROM meterbook.invoice_line AS l
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
LEFT JOIN meterbook.price AS r USING (price_id)
LEFT JOIN meterbook.plan AS t USING (plan_id)
LEFT JOIN reporting.currency AS x ON x.code = i.currency
LEFT JOIN meterbook.finalized_invoice AS f USING (customer_id, subscription_id, period_ends, kind)
WHERE NOT EXISTS (
    SELECT FROM meterbook.voided_invoice AS v
    WHERE v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
        AND v.kind = i.kind)
GROUP BY 1, t.key, i.currency, l.line_kind, 5, x.minor_unit;
COMMENT ON VIEW reporting.revenue_by_service_month IS
    'What was invoiced, by the month in which the service of the line begins: late usage counts in its own month, and '
    'what is paid for a year in the first of it. Voided invoices are left out.';
COMMENT ON COLUMN reporting.revenue_by_service_month.month IS 'The first day of the month in which the service begins.';
COMMENT ON COLUMN reporting.revenue_by_service_month.plan IS 'The plan whose prices they are; NULL for manual lines.';
COMMENT ON COLUMN reporting.revenue_by_service_month.currency IS 'ISO 4217 code of the amounts.';
COMMENT ON COLUMN reporting.revenue_by_service_month.line_kind IS
    'flat, usage, minimum, discount, manual or correction, as in invoice_line.';
COMMENT ON COLUMN reporting.revenue_by_service_month.status IS 'That of the invoices: draft or finalized.';
COMMENT ON COLUMN reporting.revenue_by_service_month.lines IS 'How many lines.';
COMMENT ON COLUMN reporting.revenue_by_service_month.amount IS 'What they come to, with tax where prices include it.';
COMMENT ON COLUMN reporting.revenue_by_service_month.amount_minor IS 'The same in minor units.';

CREATE VIEW reporting.pull AS
SELECT p.pull_id, p.run_id, p.source, p.feeds, p.status, r.started_at AS run_started_at, p.from_day, p.to_day, p.rows_read,
    p.rows_outside, p.rows_new, p.rows_changed, p.rows_unchanged, p.rows_repeated, p.rows_merged, p.rows_rejected
FROM meterbook.pull AS p
JOIN meterbook.run AS r USING (run_id);
COMMENT ON VIEW reporting.pull IS
    'Each time that a source was read.';
COMMENT ON COLUMN reporting.pull.pull_id IS 'Its number, ascending in time.';
COMMENT ON COLUMN reporting.pull.run_id IS 'The run.';
COMMENT ON COLUMN reporting.pull.source IS 'The name of the source.';
COMMENT ON COLUMN reporting.pull.feeds IS
    'What it delivers: customers, subscriptions, accounts, memberships, readings or intervals.';
COMMENT ON COLUMN reporting.pull.status IS 'running; succeeded; incomplete: rows were rejected; failed; abandoned.';
COMMENT ON COLUMN reporting.pull.run_started_at IS 'When the run began.';
COMMENT ON COLUMN reporting.pull.from_day IS 'The first day that was asked for; NULL for no bound.';
COMMENT ON COLUMN reporting.pull.to_day IS 'The first day after those; NULL for no bound.';
COMMENT ON COLUMN reporting.pull.rows_read IS 'Rows that the source delivered: the sum of the columns after this one.';
COMMENT ON COLUMN reporting.pull.rows_outside IS 'Rows of other days than were asked for.';
COMMENT ON COLUMN reporting.pull.rows_new IS 'Rows that brought something unknown until then.';
COMMENT ON COLUMN reporting.pull.rows_changed IS 'Rows that restated something known.';
COMMENT ON COLUMN reporting.pull.rows_unchanged IS 'Rows that said what was known already.';
COMMENT ON COLUMN reporting.pull.rows_repeated IS 'Rows that another row of the pull repeats or replaces.';
COMMENT ON COLUMN reporting.pull.rows_merged IS 'Rows of which several made one reading.';
COMMENT ON COLUMN reporting.pull.rows_rejected IS 'Rows that were not taken in.';

CREATE VIEW reporting.source AS
SELECT l.source, l.feeds, l.pull_id AS last_pull_id, l.status AS last_status, l.run_started_at AS last_pulled_at,
    g.run_started_at AS last_good_at, l.rows_read AS last_rows_read, l.rows_rejected AS last_rows_rejected
FROM (SELECT DISTINCT ON (source) * FROM reporting.pull ORDER BY source, pull_id DESC) AS l
LEFT JOIN (
    SELECT source, max(run_started_at) AS run_started_at FROM reporting.pull
    WHERE status IN ('succeeded', 'incomplete')
    GROUP BY source
) AS g USING (source);
COMMENT ON VIEW reporting.source IS
    'How fresh each source is.';
COMMENT ON COLUMN reporting.source.source IS 'The name of the source.';
COMMENT ON COLUMN reporting.source.feeds IS 'What it delivers.';
COMMENT ON COLUMN reporting.source.last_pull_id IS 'The last time that it was read.';
COMMENT ON COLUMN reporting.source.last_status IS 'How that ended, as in pull.';
COMMENT ON COLUMN reporting.source.last_pulled_at IS 'When the run of it began.';
COMMENT ON COLUMN reporting.source.last_good_at IS 'When the last run began that read it to its end; NULL for never.';
COMMENT ON COLUMN reporting.source.last_rows_read IS 'Rows that it delivered the last time.';
COMMENT ON COLUMN reporting.source.last_rows_rejected IS 'How many of them were not taken in.';

GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO meterbook_reporting, meterbook_auditor;
