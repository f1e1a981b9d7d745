-- migrate:up

CREATE TABLE meterbook.credit_note (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    entry integer NOT NULL,
    series_id integer NOT NULL,
    number bigint NOT NULL,
    label text NOT NULL,
    issued_on date NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    gross bigint NOT NULL,
    off_due bigint NOT NULL,
    carried bigint NOT NULL,
    refunded bigint NOT NULL,
    reason text NOT NULL,
    author text NOT NULL,
    digest bytea NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT credit_note_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, entry),
    CONSTRAINT credit_note_number_once UNIQUE (series_id, number, customer_id),
    CONSTRAINT credit_note_entry_from_one CHECK (entry >= 1),
    CONSTRAINT credit_note_number_from_one CHECK (number >= 1),
    CONSTRAINT credit_note_gross_is_net_and_tax CHECK (gross = net + tax),
    CONSTRAINT credit_note_lowers CHECK (gross > 0),
    CONSTRAINT credit_note_goes_somewhere CHECK (
        off_due >= 0 AND carried >= 0 AND refunded >= 0 AND off_due + carried + refunded = gross),
    CONSTRAINT credit_note_has_reason CHECK (reason <> ''),
    CONSTRAINT credit_note_has_author CHECK (author <> ''),
    CONSTRAINT credit_note_digest_is_sha256 CHECK (octet_length(digest) = 32)
);
COMMENT ON TABLE meterbook.credit_note IS
    'The documents that lower finalized invoices, with numbers of their own: rows are only added.';
COMMENT ON COLUMN meterbook.credit_note.customer_id IS 'The invoice that it lowers.';
COMMENT ON COLUMN meterbook.credit_note.subscription_id IS 'That invoice.';
COMMENT ON COLUMN meterbook.credit_note.period_ends IS 'That invoice.';
COMMENT ON COLUMN meterbook.credit_note.kind IS 'That invoice.';
COMMENT ON COLUMN meterbook.credit_note.entry IS 'Its place among those of the invoice, from 1.';
COMMENT ON COLUMN meterbook.credit_note.series_id IS 'The series that its number belongs to.';
COMMENT ON COLUMN meterbook.credit_note.number IS 'Its place in the series.';
COMMENT ON COLUMN meterbook.credit_note.label IS 'The number as it is printed.';
COMMENT ON COLUMN meterbook.credit_note.issued_on IS 'Its date, never before that of the number before it.';
COMMENT ON COLUMN meterbook.credit_note.net IS 'What is taken off without tax, in minor units; positive.';
COMMENT ON COLUMN meterbook.credit_note.tax IS 'The tax taken off: the sum of its rows in credit_note_tax, in minor units.';
COMMENT ON COLUMN meterbook.credit_note.gross IS 'Both together, in minor units.';
COMMENT ON COLUMN meterbook.credit_note.off_due IS 'By how much the invoice is owed less since then, in minor units.';
COMMENT ON COLUMN meterbook.credit_note.carried IS 'What went to the customer''s credit, for later invoices, in minor units.';
COMMENT ON COLUMN meterbook.credit_note.refunded IS 'What is paid back outside of these books, in minor units.';
COMMENT ON COLUMN meterbook.credit_note.reason IS 'Why, in the words of who did it.';
COMMENT ON COLUMN meterbook.credit_note.author IS 'Who issued it.';
COMMENT ON COLUMN meterbook.credit_note.digest IS
    'SHA-256 of its content as sql/README.md describes it, with the digest of the number before it in the series.';
COMMENT ON COLUMN meterbook.credit_note.run_id IS 'The run that issued it.';

CREATE TABLE meterbook.credit_note_line (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    entry integer NOT NULL,
    line smallint NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT credit_note_line_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, entry, line),
    CONSTRAINT credit_note_line_of_a_note FOREIGN KEY (customer_id, subscription_id, period_ends, kind, entry)
        REFERENCES meterbook.credit_note,
    CONSTRAINT credit_note_line_not_zero CHECK (amount <> 0)
);
COMMENT ON TABLE meterbook.credit_note_line IS 'What credit notes take off the lines of their invoices: rows are only added.';
COMMENT ON COLUMN meterbook.credit_note_line.customer_id IS 'The credit note.';
COMMENT ON COLUMN meterbook.credit_note_line.subscription_id IS 'The credit note.';
COMMENT ON COLUMN meterbook.credit_note_line.period_ends IS 'The credit note.';
COMMENT ON COLUMN meterbook.credit_note_line.kind IS 'The credit note.';
COMMENT ON COLUMN meterbook.credit_note_line.entry IS 'The credit note.';
COMMENT ON COLUMN meterbook.credit_note_line.line IS 'The number of the line on the invoice.';
COMMENT ON COLUMN meterbook.credit_note_line.amount IS
    'What is taken off it, in minor units and with the sign of the line: negative off a discount.';

CREATE TABLE meterbook.credit_note_tax (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    entry integer NOT NULL,
    place smallint NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    CONSTRAINT credit_note_tax_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, entry, place),
    CONSTRAINT credit_note_tax_of_a_note FOREIGN KEY (customer_id, subscription_id, period_ends, kind, entry)
        REFERENCES meterbook.credit_note
);
COMMENT ON TABLE meterbook.credit_note_tax IS
    'The tax that credit notes take off, one row a rate of the invoice: rows are only added. None where the invoice has none.';
COMMENT ON COLUMN meterbook.credit_note_tax.customer_id IS 'The credit note.';
COMMENT ON COLUMN meterbook.credit_note_tax.subscription_id IS 'The credit note.';
COMMENT ON COLUMN meterbook.credit_note_tax.period_ends IS 'The credit note.';
COMMENT ON COLUMN meterbook.credit_note_tax.kind IS 'The credit note.';
COMMENT ON COLUMN meterbook.credit_note_tax.entry IS 'The credit note.';
COMMENT ON COLUMN meterbook.credit_note_tax.place IS 'The place of the rate in invoice_tax.';
COMMENT ON COLUMN meterbook.credit_note_tax.net IS 'What is taken off without tax, in minor units.';
COMMENT ON COLUMN meterbook.credit_note_tax.tax IS
    'The tax on it: all notes of an invoice together take off what one over their sum would.';

CREATE TABLE meterbook.credit_entry (
    customer_id bigint NOT NULL,
    currency text NOT NULL,
    entry integer NOT NULL,
    amount bigint NOT NULL,
    balance bigint NOT NULL,
    origin text NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    credit_note integer,
    entered_on date NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT credit_entry_pk PRIMARY KEY (customer_id, currency, entry),
    CONSTRAINT credit_entry_from_one CHECK (entry >= 1),
    CONSTRAINT credit_entry_not_zero CHECK (amount <> 0),
    CONSTRAINT credit_entry_origin_known CHECK (origin IN ('credit_invoice', 'used', 'credit_note', 'void')),
    CONSTRAINT credit_entry_names_its_note CHECK ((origin = 'credit_note') = (credit_note IS NOT NULL))
);
CREATE UNIQUE INDEX credit_entry_cause
    ON meterbook.credit_entry (customer_id, subscription_id, period_ends, kind, origin, coalesce(credit_note, 0));
COMMENT ON INDEX meterbook.credit_entry_cause IS 'Nothing moves a customer''s credit twice.';
COMMENT ON TABLE meterbook.credit_entry IS
    'A customer''s credit in one currency, entry by entry: what invoices below zero and credit notes leave, and what later '
    'invoices use of it. Rows are only added.';
COMMENT ON COLUMN meterbook.credit_entry.customer_id IS 'Whose credit.';
COMMENT ON COLUMN meterbook.credit_entry.currency IS 'ISO 4217 code.';
COMMENT ON COLUMN meterbook.credit_entry.entry IS 'From 1.';
COMMENT ON COLUMN meterbook.credit_entry.amount IS 'What came to it, in minor units; negative for what was used.';
COMMENT ON COLUMN meterbook.credit_entry.balance IS
    'The sum of all entries up to this one; below zero where a credit was taken back that had been used: the next invoice '
    'asks for it.';
COMMENT ON COLUMN meterbook.credit_entry.origin IS
    'credit_invoice: an invoice that came to less than nothing; used: an invoice that it pays for; credit_note; void: an '
    'invoice that was taken back.';
COMMENT ON COLUMN meterbook.credit_entry.subscription_id IS 'The invoice that moved it.';
COMMENT ON COLUMN meterbook.credit_entry.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.credit_entry.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.credit_entry.credit_note IS 'Which of its credit notes; NULL where none did.';
COMMENT ON COLUMN meterbook.credit_entry.entered_on IS 'The date of the invoice or credit note, or the as-of date of the void.';
COMMENT ON COLUMN meterbook.credit_entry.run_id IS 'The run.';

CREATE TRIGGER credit_note_is_only_added BEFORE UPDATE OR DELETE ON meterbook.credit_note
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER credit_note_is_not_emptied BEFORE TRUNCATE ON meterbook.credit_note
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER credit_note_line_is_only_added BEFORE UPDATE OR DELETE ON meterbook.credit_note_line
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER credit_note_line_is_not_emptied BEFORE TRUNCATE ON meterbook.credit_note_line
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER credit_note_tax_is_only_added BEFORE UPDATE OR DELETE ON meterbook.credit_note_tax
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER credit_note_tax_is_not_emptied BEFORE TRUNCATE ON meterbook.credit_note_tax
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER credit_entry_is_only_added BEFORE UPDATE OR DELETE ON meterbook.credit_entry
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER credit_entry_is_not_emptied BEFORE TRUNCATE ON meterbook.credit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();

-- What was finalized below zero before there were credits.
INSERT INTO meterbook.credit_entry (
    customer_id, currency, entry, amount, balance, origin, subscription_id, period_ends, kind, entered_on, run_id)
SELECT f.customer_id, i.currency,
    row_number() OVER (PARTITION BY f.customer_id, i.currency ORDER BY f.series_id, f.number), -f.gross,
    sum(-f.gross) OVER (PARTITION BY f.customer_id, i.currency ORDER BY f.series_id, f.number), 'credit_invoice',
    f.subscription_id, f.period_ends, f.kind, f.issued_on, f.run_id
FROM meterbook.finalized_invoice AS f
JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
WHERE f.gross < 0
    AND NOT EXISTS (
        SELECT FROM meterbook.voided_invoice AS v
        WHERE v.customer_id = f.customer_id AND v.subscription_id = f.subscription_id AND v.period_ends = f.period_ends
            AND v.kind = f.kind);

GRANT SELECT, INSERT ON meterbook.credit_note, meterbook.credit_note_line, meterbook.credit_note_tax, meterbook.credit_entry
    TO meterbook_billing;
GRANT SELECT ON meterbook.credit_note, meterbook.credit_note_line, meterbook.credit_note_tax, meterbook.credit_entry
    TO meterbook_auditor;

CREATE VIEW reporting.credit_note AS
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
JOIN meterbook.finalized_invoice AS f USING (customer_id, subscription_id, period_ends, kind)
LEFT JOIN reporting.currency AS x ON x.code = i.currency;
COMMENT ON VIEW reporting.credit_note IS
    'One row a credit note. Revenue after credit notes is that of the invoices less these.';
COMMENT ON COLUMN reporting.credit_note.number IS 'The number as it is printed.';
COMMENT ON COLUMN reporting.credit_note.issued_on IS 'Its date.';
COMMENT ON COLUMN reporting.credit_note.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.credit_note.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.credit_note.period_ends IS 'The invoice that it lowers: as in invoice.';
COMMENT ON COLUMN reporting.credit_note.kind IS 'That invoice: as in invoice.';
COMMENT ON COLUMN reporting.credit_note.invoice_number IS 'The number of that invoice.';
COMMENT ON COLUMN reporting.credit_note.currency IS 'ISO 4217 code of the amounts.';
COMMENT ON COLUMN reporting.credit_note.net IS 'What is taken off without tax; positive.';
COMMENT ON COLUMN reporting.credit_note.net_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.credit_note.tax IS 'The tax taken off.';
COMMENT ON COLUMN reporting.credit_note.tax_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.credit_note.gross IS 'Both together.';
COMMENT ON COLUMN reporting.credit_note.gross_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.credit_note.off_due IS 'By how much the invoice is owed less since then.';
COMMENT ON COLUMN reporting.credit_note.off_due_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.credit_note.carried IS 'What went to the customer''s credit, for later invoices.';
COMMENT ON COLUMN reporting.credit_note.carried_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.credit_note.refunded IS 'What is paid back outside of these books.';
COMMENT ON COLUMN reporting.credit_note.refunded_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.credit_note.run_id IS 'The run that issued it.';

CREATE VIEW reporting.credit_entry AS
SELECT c.key AS customer, e.currency, e.entry, e.entered_on, e.origin, s.key AS subscription, e.period_ends,
    e.kind::text AS kind, n.label AS credit_note, e.amount * coalesce(x.minor_unit, 0.01) AS amount,
    e.amount AS amount_minor, e.balance * coalesce(x.minor_unit, 0.01) AS balance, e.balance AS balance_minor, e.run_id
FROM meterbook.credit_entry AS e
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
LEFT JOIN meterbook.credit_note AS n
    ON n.customer_id = e.customer_id AND n.subscription_id = e.subscription_id AND n.period_ends = e.period_ends
    AND n.kind = e.kind AND n.entry = e.credit_note
LEFT JOIN reporting.currency AS x ON x.code = e.currency;
COMMENT ON VIEW reporting.credit_entry IS
    'One row a move of a customer''s credit; the last entry of a customer and currency has what there is now.';
COMMENT ON COLUMN reporting.credit_entry.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.credit_entry.currency IS 'ISO 4217 code of the amounts.';
COMMENT ON COLUMN reporting.credit_entry.entry IS 'From 1 for each customer and currency.';
COMMENT ON COLUMN reporting.credit_entry.entered_on IS 'Its day.';
COMMENT ON COLUMN reporting.credit_entry.origin IS
    'credit_invoice: an invoice below zero; used: it paid for an invoice; credit_note; void: an invoice was taken back.';
COMMENT ON COLUMN reporting.credit_entry.subscription IS 'The subscription whose invoice moved it.';
COMMENT ON COLUMN reporting.credit_entry.period_ends IS 'That invoice: as in invoice.';
COMMENT ON COLUMN reporting.credit_entry.kind IS 'That invoice: as in invoice.';
COMMENT ON COLUMN reporting.credit_entry.credit_note IS 'The number of the credit note; NULL where none moved it.';
COMMENT ON COLUMN reporting.credit_entry.amount IS 'What came to it; negative for what was used.';
COMMENT ON COLUMN reporting.credit_entry.amount_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.credit_entry.balance IS 'The sum up to this entry.';
COMMENT ON COLUMN reporting.credit_entry.balance_minor IS 'The same in minor units.';
COMMENT ON COLUMN reporting.credit_entry.run_id IS 'The run.';
GRANT SELECT ON reporting.credit_note, reporting.credit_entry TO meterbook_reporting, meterbook_auditor;
