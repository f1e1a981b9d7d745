-- migrate:up

-- An invoice may be issued more than once: what belongs to an issue says to which. Its content stays the same.
ALTER TABLE meterbook.finalized_invoice
    ADD COLUMN issue smallint NOT NULL DEFAULT 1,
    DROP CONSTRAINT finalized_invoice_pk,
    ADD CONSTRAINT finalized_invoice_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, issue),
    ADD CONSTRAINT finalized_invoice_issue_from_one CHECK (issue >= 1);
COMMENT ON COLUMN meterbook.finalized_invoice.issue IS
    'Which of its issues it is, from 1: the invoice of before was voided, and another number took its place.';

ALTER TABLE meterbook.invoice_tax
    ADD COLUMN issue smallint NOT NULL DEFAULT 1,
    DROP CONSTRAINT invoice_tax_pk,
    ADD CONSTRAINT invoice_tax_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, issue, place);
COMMENT ON COLUMN meterbook.invoice_tax.issue IS 'Which of its issues.';

ALTER TABLE meterbook.voided_invoice
    ADD COLUMN issue smallint NOT NULL DEFAULT 1,
    DROP CONSTRAINT voided_invoice_pk,
    ADD CONSTRAINT voided_invoice_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, issue);
COMMENT ON COLUMN meterbook.voided_invoice.issue IS 'Which of its issues; 1 for a draft, which has none.';

ALTER TABLE meterbook.invoice_payment
    ADD COLUMN issue smallint NOT NULL DEFAULT 1,
    DROP CONSTRAINT invoice_payment_pk,
    ADD CONSTRAINT invoice_payment_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, issue, entry);
COMMENT ON COLUMN meterbook.invoice_payment.issue IS 'Which of its issues.';

ALTER TABLE meterbook.invoice_revision
    ADD COLUMN issue smallint NOT NULL DEFAULT 1,
    DROP CONSTRAINT invoice_revision_pk,
    ADD CONSTRAINT invoice_revision_pk
        PRIMARY KEY (customer_id, subscription_id, period_ends, kind, issue, revision);
COMMENT ON COLUMN meterbook.invoice_revision.issue IS 'Which of its issues.';

-- Only one issue of an invoice can have credit notes: an issue that has some is not voided any more.
ALTER TABLE meterbook.credit_note ADD COLUMN issue smallint NOT NULL DEFAULT 1;
COMMENT ON COLUMN meterbook.credit_note.issue IS 'Which of its issues.';

ALTER TABLE meterbook.credit_entry ADD COLUMN issue smallint NOT NULL DEFAULT 1;
COMMENT ON COLUMN meterbook.credit_entry.issue IS 'Which of its issues.';
DROP INDEX meterbook.credit_entry_cause;
CREATE UNIQUE INDEX credit_entry_cause ON meterbook.credit_entry
    (customer_id, subscription_id, period_ends, kind, issue, origin, coalesce(credit_note, 0));
COMMENT ON INDEX meterbook.credit_entry_cause IS 'Nothing moves a customer''s credit twice.';

CREATE TABLE meterbook.reissued_invoice (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    issue smallint NOT NULL,
    reissued_on date NOT NULL,
    reason text NOT NULL,
    author text NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT reissued_invoice_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, issue),
    CONSTRAINT reissued_invoice_run_fk FOREIGN KEY (run_id) REFERENCES meterbook.run (run_id),
    CONSTRAINT reissued_invoice_from_two CHECK (issue >= 2),
    CONSTRAINT reissued_invoice_has_reason CHECK (reason <> '' AND reason !~ '[[:cntrl:]]'),
    CONSTRAINT reissued_invoice_has_author CHECK (author <> '' AND author !~ '[[:cntrl:]]')
);
COMMENT ON TABLE meterbook.reissued_invoice IS
    'Why invoices were issued again, under another number, after they had been voided: rows are only added.';
COMMENT ON COLUMN meterbook.reissued_invoice.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.reissued_invoice.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.reissued_invoice.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.reissued_invoice.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.reissued_invoice.issue IS 'The issue that took the place of the one before it.';
COMMENT ON COLUMN meterbook.reissued_invoice.reissued_on IS 'The as-of date of the run that issued it.';
COMMENT ON COLUMN meterbook.reissued_invoice.reason IS 'Why, in the words of who did it.';
COMMENT ON COLUMN meterbook.reissued_invoice.author IS 'Who issued it again.';
COMMENT ON COLUMN meterbook.reissued_invoice.run_id IS 'The run.';

CREATE TRIGGER reissued_invoice_is_only_added BEFORE UPDATE OR DELETE ON meterbook.reissued_invoice
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER reissued_invoice_is_not_emptied BEFORE TRUNCATE ON meterbook.reissued_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();

CREATE VIEW meterbook.last_issue AS
SELECT f.* FROM meterbook.finalized_invoice AS f
WHERE NOT EXISTS (
    SELECT FROM meterbook.reissued_invoice AS r
    WHERE r.customer_id = f.customer_id AND r.subscription_id = f.subscription_id AND r.period_ends = f.period_ends
        AND r.kind = f.kind AND r.issue = f.issue + 1);
COMMENT ON VIEW meterbook.last_issue IS 'Finalized invoices as they stand: at most one row an invoice.';

CREATE VIEW meterbook.last_void AS
SELECT v.* FROM meterbook.voided_invoice AS v
WHERE NOT EXISTS (
    SELECT FROM meterbook.reissued_invoice AS r
    WHERE r.customer_id = v.customer_id AND r.subscription_id = v.subscription_id AND r.period_ends = v.period_ends
        AND r.kind = v.kind AND r.issue = v.issue + 1);
COMMENT ON VIEW meterbook.last_void IS 'Invoices that are void and have not been issued again: at most one row an invoice.';

CREATE VIEW meterbook.last_payment AS
SELECT DISTINCT ON (customer_id, subscription_id, period_ends, kind, issue)
    customer_id, subscription_id, period_ends, kind, issue, status, since
FROM meterbook.invoice_payment
ORDER BY customer_id, subscription_id, period_ends, kind, issue, entry DESC;
COMMENT ON VIEW meterbook.last_payment IS 'What became of issues last: no row for one of which nobody has said anything.';

-- A column of these is what it is in its table.
DO $$
DECLARE
    said record;
BEGIN
    FOR said IN
        SELECT v.name AS view_name, c.attname, col_description(c.attrelid, c.attnum) AS words
        FROM (VALUES ('last_issue', 'finalized_invoice'), ('last_void', 'voided_invoice'), ('last_payment', 'invoice_payment'))
            AS v (name, of)
        JOIN pg_attribute AS c ON c.attrelid = format('meterbook.%I', v.of)::regclass
        JOIN pg_attribute AS a ON a.attrelid = format('meterbook.%I', v.name)::regclass AND a.attname = c.attname
        WHERE c.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN meterbook.%I.%I IS %L', said.view_name, said.attname, said.words);
    END LOOP;
END $$;

GRANT SELECT, INSERT ON meterbook.reissued_invoice TO meterbook_billing;
GRANT SELECT ON meterbook.reissued_invoice TO meterbook_auditor;
GRANT SELECT ON meterbook.last_issue, meterbook.last_void, meterbook.last_payment TO meterbook_billing, meterbook_auditor;

CREATE OR REPLACE VIEW reporting.invoice AS
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
    coalesce(b.run_id, h.settled_run) AS run_id, f.run_id AS finalized_run_id, f.issue
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
LEFT JOIN meterbook.last_issue AS f
    ON f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.period_ends = i.period_ends
    AND f.kind = i.kind
LEFT JOIN meterbook.last_void AS v
    ON v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
    AND v.kind = i.kind
LEFT JOIN meterbook.last_payment AS p
    ON p.customer_id = f.customer_id AND p.subscription_id = f.subscription_id AND p.period_ends = f.period_ends
    AND p.kind = f.kind AND p.issue = f.issue;
COMMENT ON COLUMN reporting.invoice.issue IS
    'Which of its issues stands, from 1: reporting.issue has all of them; NULL of what was never finalized.';

CREATE OR REPLACE VIEW reporting.invoice_line AS
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
LEFT JOIN meterbook.last_issue AS f USING (customer_id, subscription_id, period_ends, kind)
LEFT JOIN meterbook.last_void AS v USING (customer_id, subscription_id, period_ends, kind);

CREATE OR REPLACE VIEW reporting.revenue_by_invoice_month AS
SELECT date_trunc('month', i.period_ends)::date AS month, t.key AS plan, i.currency, l.line_kind::text AS line_kind,
    CASE WHEN f.customer_id IS NOT NULL THEN 'finalized' ELSE 'draft' END AS status,
    count(*) AS lines, sum(l.amount) * coalesce(x.minor_unit, 0.01) AS amount, sum(l.amount) AS amount_minor
FROM meterbook.invoice_line AS l
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
LEFT JOIN meterbook.price AS r USING (price_id)
LEFT JOIN meterbook.plan AS t USING (plan_id)
LEFT JOIN reporting.currency AS x ON x.code = i.currency
LEFT JOIN meterbook.last_issue AS f USING (customer_id, subscription_id, period_ends, kind)
WHERE NOT EXISTS (
    SELECT FROM meterbook.last_void AS v
    WHERE v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
        AND v.kind = i.kind)
GROUP BY 1, t.key, i.currency, l.line_kind, 5, x.minor_unit;

CREATE OR REPLACE VIEW reporting.revenue_by_service_month AS
SELECT date_trunc('month', l.service_starts)::date AS month, t.key AS plan, i.currency, l.line_kind::text AS line_kind,
    CASE WHEN f.customer_id IS NOT NULL THEN 'finalized' ELSE 'draft' END AS status,
    count(*) AS lines, sum(l.amount) * coalesce(x.minor_unit, 0.01) AS amount, sum(l.amount) AS amount_minor
FROM meterbook.invoice_line AS l
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
LEFT JOIN meterbook.price AS r USING (price_id)
LEFT JOIN meterbook.plan AS t USING (plan_id)
LEFT JOIN reporting.currency AS x ON x.code = i.currency
LEFT JOIN meterbook.last_issue AS f USING (customer_id, subscription_id, period_ends, kind)
WHERE NOT EXISTS (
    SELECT FROM meterbook.last_void AS v
    WHERE v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
        AND v.kind = i.kind)
GROUP BY 1, t.key, i.currency, l.line_kind, 5, x.minor_unit;

CREATE OR REPLACE VIEW reporting.credit_note AS
SELECT n.label AS number, n.issued_on, c.key AS customer, s.key AS subscription, n.period_ends, n.kind::text AS kind,
    f.label AS invoice_number, i.currency, n.net * coalesce(x.minor_unit, 0.01) AS net, n.net AS net_minor,
    n.tax * coalesce(x.minor_unit, 0.01) AS tax, n.tax AS tax_minor,
    n.gross * coalesce(x.minor_unit, 0.01) AS gross, n.gross AS gross_minor,
    n.off_due * coalesce(x.minor_unit, 0.01) AS off_due, n.off_due AS off_due_minor,
    n.carried * coalesce(x.minor_unit, 0.01) AS carried, n.carried AS carried_minor,
    n.refunded * coalesce(x.minor_unit, 0.01) AS refunded, n.refunded AS refunded_minor, n.run_id
FROM meterbook.credit_note AS n
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
JOIN meterbook.finalized_invoice AS f USING (customer_id, subscription_id, period_ends, kind, issue)
LEFT JOIN reporting.currency AS x ON x.code = i.currency;

CREATE VIEW reporting.issue AS
SELECT f.label AS number, f.issued_on, c.key AS customer, s.key AS subscription, f.period_ends, f.kind::text AS kind, f.issue,
    CASE WHEN v.customer_id IS NOT NULL THEN 'voided' ELSE 'finalized' END AS status, v.voided_on, n.label AS replaced_by,
    coalesce(p.status, 'unpaid') AS payment_status, p.since AS payment_since, i.currency,
    f.net * coalesce(x.minor_unit, 0.01) AS net, f.net AS net_minor,
    f.tax * coalesce(x.minor_unit, 0.01) AS tax, f.tax AS tax_minor,
    f.gross * coalesce(x.minor_unit, 0.01) AS gross, f.gross AS gross_minor, f.run_id
FROM meterbook.finalized_invoice AS f
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
LEFT JOIN meterbook.voided_invoice AS v USING (customer_id, subscription_id, period_ends, kind, issue)
LEFT JOIN meterbook.last_payment AS p USING (customer_id, subscription_id, period_ends, kind, issue)
LEFT JOIN (
    SELECT r.customer_id, r.subscription_id, r.period_ends, r.kind, r.issue - 1 AS issue, g.label
    FROM meterbook.reissued_invoice AS r
    JOIN meterbook.finalized_invoice AS g USING (customer_id, subscription_id, period_ends, kind, issue)
) AS n USING (customer_id, subscription_id, period_ends, kind, issue)
LEFT JOIN reporting.currency AS x ON x.code = i.currency;
COMMENT ON VIEW reporting.issue IS
    'One row a number that was given to an invoice: an invoice that was voided and issued again has several.';
COMMENT ON COLUMN reporting.issue.number IS 'The number as it is printed.';
COMMENT ON COLUMN reporting.issue.issued_on IS 'Its date.';
COMMENT ON COLUMN reporting.issue.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.issue.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.issue.period_ends IS 'The invoice: as in invoice.';
COMMENT ON COLUMN reporting.issue.kind IS 'As in invoice.';
COMMENT ON COLUMN reporting.issue.issue IS 'Which of the invoice''s issues, from 1.';
COMMENT ON COLUMN reporting.issue.status IS 'finalized or voided.';
COMMENT ON COLUMN reporting.issue.voided_on IS 'The day on which it was taken back; NULL where it was not.';
COMMENT ON COLUMN reporting.issue.replaced_by IS 'The number that took its place; NULL where none did.';
COMMENT ON COLUMN reporting.issue.payment_status IS 'unpaid, paid or uncollectible.';
COMMENT ON COLUMN reporting.issue.payment_since IS 'Since when; NULL where nobody has said anything.';
COMMENT ON COLUMN reporting.issue.currency IS 'ISO 4217 code of the amounts.';
COMMENT ON COLUMN reporting.issue.net IS 'Without tax.';
COMMENT ON COLUMN reporting.issue.net_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.issue.tax IS 'The tax.';
COMMENT ON COLUMN reporting.issue.tax_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.issue.gross IS 'What is to be paid; negative for a credit.';
COMMENT ON COLUMN reporting.issue.gross_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.issue.run_id IS 'The run that finalized it.';
GRANT SELECT ON reporting.issue TO meterbook_reporting, meterbook_auditor;
