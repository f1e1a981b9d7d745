-- migrate:up

-- An invoice is a draft until it stands in finalized_invoice: what was written is never touched again.
ALTER TABLE meterbook.invoice DROP COLUMN status;
COMMENT ON TABLE meterbook.invoice IS
    'One invoice for a subscription, period and kind: the primary key says so. Dated by the end of its period. Rows are only '
    'added: an invoice is a draft until it stands in finalized_invoice.';
DROP TYPE meterbook.invoice_status;

CREATE TABLE meterbook.invoice_series (
    series_id integer GENERATED ALWAYS AS IDENTITY,
    issuer text NOT NULL,
    pattern text NOT NULL,
    digits smallint NOT NULL,
    year smallint,
    last_number bigint NOT NULL DEFAULT 0,
    last_issued_on date,
    last_digest bytea,
    CONSTRAINT invoice_series_pk PRIMARY KEY (series_id),
    CONSTRAINT invoice_series_digits_known CHECK (digits BETWEEN 1 AND 18),
    CONSTRAINT invoice_series_last_number_not_negative CHECK (last_number >= 0),
    CONSTRAINT invoice_series_last_is_complete CHECK (
        (last_number = 0) = (last_issued_on IS NULL) AND (last_number = 0) = (last_digest IS NULL)),
    CONSTRAINT invoice_series_digest_is_sha256 CHECK (octet_length(last_digest) = 32)
);
CREATE UNIQUE INDEX invoice_series_unique ON meterbook.invoice_series (issuer, pattern, coalesce(year, 0));
COMMENT ON TABLE meterbook.invoice_series IS
    'The counters of invoice numbers. Whoever finalizes holds the row of his series until he commits, so numbers have no gaps, '
    'and each invoice can be chained to the one before it.';
COMMENT ON COLUMN meterbook.invoice_series.series_id IS 'The store''s number of the series.';
COMMENT ON COLUMN meterbook.invoice_series.issuer IS 'Who numbers: the catalog''s name.';
COMMENT ON COLUMN meterbook.invoice_series.pattern IS 'What a number looks like, as the catalog writes it.';
COMMENT ON COLUMN meterbook.invoice_series.digits IS 'How many digits the counter has at least, as the latest catalog says: another width is the same series, or two invoices could have one number.';
COMMENT ON COLUMN meterbook.invoice_series.year IS
    'The year of the dates on which its invoices are issued, where the pattern names it; NULL for a series without end.';
COMMENT ON COLUMN meterbook.invoice_series.last_number IS 'The number given last; 0 before the first.';
COMMENT ON COLUMN meterbook.invoice_series.last_issued_on IS 'The date of the invoice that has it: no later number has an earlier date.';
COMMENT ON COLUMN meterbook.invoice_series.last_digest IS 'Its digest, which the next one goes into.';

CREATE TABLE meterbook.finalized_invoice (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    series_id integer NOT NULL,
    number bigint NOT NULL,
    label text NOT NULL,
    issued_on date NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    gross bigint NOT NULL,
    tax_notes text NOT NULL,
    seller_number text,
    details_version integer,
    details_digest bytea,
    catalog_id integer NOT NULL,
    digest bytea NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT finalized_invoice_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind),
    CONSTRAINT finalized_invoice_number_once UNIQUE (series_id, number, period_ends),
    CONSTRAINT finalized_invoice_number_from_one CHECK (number >= 1),
    CONSTRAINT finalized_invoice_gross_is_net_and_tax CHECK (gross = net + tax),
    CONSTRAINT finalized_invoice_details_complete CHECK ((details_version IS NULL) = (details_digest IS NULL)),
    CONSTRAINT finalized_invoice_digest_is_sha256 CHECK (octet_length(digest) = 32)
) PARTITION BY RANGE (period_ends);
COMMENT ON TABLE meterbook.finalized_invoice IS
    'The invoices that have been given to customers, with their numbers: rows are only added. checks/number_gap and the chain '
    'of digests say that none is missing, doubled or altered.';
COMMENT ON COLUMN meterbook.finalized_invoice.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.finalized_invoice.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.finalized_invoice.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.finalized_invoice.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.finalized_invoice.series_id IS 'The series that its number belongs to.';
COMMENT ON COLUMN meterbook.finalized_invoice.number IS 'Its place in the series, from 1 without a gap.';
COMMENT ON COLUMN meterbook.finalized_invoice.label IS 'The number as it is printed.';
COMMENT ON COLUMN meterbook.finalized_invoice.issued_on IS
    'The date of the invoice: the day on which it was due to be finalized, or finalized by hand, and never before that of the '
    'number before it.';
COMMENT ON COLUMN meterbook.finalized_invoice.net IS 'Without tax, in minor units.';
COMMENT ON COLUMN meterbook.finalized_invoice.tax IS 'The sum of its rows in invoice_tax, in minor units.';
COMMENT ON COLUMN meterbook.finalized_invoice.gross IS 'What is to be paid, in minor units; negative for a credit.';
COMMENT ON COLUMN meterbook.finalized_invoice.tax_notes IS 'What the law wants to be printed on it, a line each; empty for nothing.';
COMMENT ON COLUMN meterbook.finalized_invoice.seller_number IS 'The tax number of the seller under which the tax is declared; NULL for none.';
COMMENT ON COLUMN meterbook.finalized_invoice.details_version IS
    'The version of the customer''s billing details that stands on it; NULL where there were none.';
COMMENT ON COLUMN meterbook.finalized_invoice.details_digest IS
    'The digest of that version: it still tells what stood there when the details have been erased.';
COMMENT ON COLUMN meterbook.finalized_invoice.catalog_id IS 'The catalog whose seller, tax rules and pattern of numbers it has.';
COMMENT ON COLUMN meterbook.finalized_invoice.digest IS
    'SHA-256 of its content as sql/README.md describes it, with the digest of the number before it in the series.';
COMMENT ON COLUMN meterbook.finalized_invoice.run_id IS 'The run that finalized it.';

CREATE TABLE meterbook.invoice_tax (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    place smallint NOT NULL,
    treatment text NOT NULL,
    country text,
    region text,
    category text NOT NULL,
    percent numeric NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    CONSTRAINT invoice_tax_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, place),
    CONSTRAINT invoice_tax_place_from_one CHECK (place >= 1),
    CONSTRAINT invoice_tax_treatment_known
        CHECK (treatment IN ('taxed', 'reverse_charge', 'export', 'exempt')),
    CONSTRAINT invoice_tax_only_where_taxed CHECK (treatment = 'taxed' OR (tax = 0 AND percent = 0))
) PARTITION BY RANGE (period_ends);
COMMENT ON TABLE meterbook.invoice_tax IS
    'The tax of finalized invoices, one row a rate: each rounded once. Rows are only added. None where the catalog has no tax.';
COMMENT ON COLUMN meterbook.invoice_tax.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_tax.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_tax.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_tax.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_tax.place IS 'The subtotal''s place on it, from 1.';
COMMENT ON COLUMN meterbook.invoice_tax.treatment IS
    'taxed: at a rate, which may be 0; reverse_charge: the recipient declares it; export; exempt.';
COMMENT ON COLUMN meterbook.invoice_tax.country IS 'Whose rate it is; of what is not taxed the customer''s country, NULL where unknown.';
COMMENT ON COLUMN meterbook.invoice_tax.region IS 'The part of the country; NULL for all of it.';
COMMENT ON COLUMN meterbook.invoice_tax.category IS 'The tax category of its lines.';
COMMENT ON COLUMN meterbook.invoice_tax.percent IS '19 for 19 percent.';
COMMENT ON COLUMN meterbook.invoice_tax.net IS 'Its lines without tax, in minor units.';
COMMENT ON COLUMN meterbook.invoice_tax.tax IS 'The tax on them, in minor units.';

CREATE TABLE meterbook.voided_invoice (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    voided_on date NOT NULL,
    reason text NOT NULL,
    author text NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT voided_invoice_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind),
    CONSTRAINT voided_invoice_has_reason CHECK (reason <> ''),
    CONSTRAINT voided_invoice_has_author CHECK (author <> '')
);
COMMENT ON TABLE meterbook.voided_invoice IS
    'Invoices that were taken back as a whole: rows are only added. A number that was given stays with its invoice; a draft that '
    'is voided never gets one.';
COMMENT ON COLUMN meterbook.voided_invoice.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.voided_invoice.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.voided_invoice.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.voided_invoice.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.voided_invoice.voided_on IS 'The as-of date of the run that took it back.';
COMMENT ON COLUMN meterbook.voided_invoice.reason IS 'Why, in the words of who did it.';
COMMENT ON COLUMN meterbook.voided_invoice.author IS 'Who took it back.';
COMMENT ON COLUMN meterbook.voided_invoice.run_id IS 'The run.';

CREATE TABLE meterbook.invoice_payment (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    entry integer NOT NULL,
    status text NOT NULL,
    since date NOT NULL,
    author text NOT NULL,
    note text,
    run_id bigint NOT NULL,
    CONSTRAINT invoice_payment_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, entry),
    CONSTRAINT invoice_payment_entry_from_one CHECK (entry >= 1),
    CONSTRAINT invoice_payment_status_known CHECK (status IN ('unpaid', 'paid', 'uncollectible')),
    CONSTRAINT invoice_payment_has_author CHECK (author <> '')
);
COMMENT ON TABLE meterbook.invoice_payment IS
    'What became of finalized invoices, as somebody said it: rows are only added, and the last entry holds. An invoice without '
    'one is unpaid. It says nothing of what the invoice is: that is settled when it is finalized.';
COMMENT ON COLUMN meterbook.invoice_payment.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_payment.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_payment.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_payment.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_payment.entry IS 'From 1.';
COMMENT ON COLUMN meterbook.invoice_payment.status IS 'unpaid; paid; uncollectible: nobody expects it to be paid.';
COMMENT ON COLUMN meterbook.invoice_payment.since IS 'The day of it: on which it was paid, or given up.';
COMMENT ON COLUMN meterbook.invoice_payment.author IS 'Who said so.';
COMMENT ON COLUMN meterbook.invoice_payment.note IS 'A reference of the payment, or a reason; NULL for none.';
COMMENT ON COLUMN meterbook.invoice_payment.run_id IS 'The run in which it was recorded.';

CREATE TABLE meterbook.invoice_hold (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    reason text NOT NULL,
    subject text NOT NULL,
    figure numeric NOT NULL,
    bound numeric NOT NULL,
    detail text NOT NULL,
    held_on date NOT NULL,
    run_id bigint NOT NULL,
    status text NOT NULL DEFAULT 'held',
    settled_on date,
    settled_by text,
    note text,
    settled_run bigint,
    CONSTRAINT invoice_hold_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, reason, subject),
    CONSTRAINT invoice_hold_reason_known
        CHECK (reason IN ('missing_pull', 'stale_usage', 'no_usage', 'usage_jump', 'above_cap', 'tax_unknown')),
    CONSTRAINT invoice_hold_status_known CHECK (status IN ('held', 'released', 'rejected')),
    CONSTRAINT invoice_hold_settled_by_somebody CHECK (
        (status = 'held') = (settled_on IS NULL) AND (settled_on IS NULL) = (settled_by IS NULL)
        AND (settled_on IS NULL) = (settled_run IS NULL))
);
CREATE INDEX invoice_hold_open ON meterbook.invoice_hold (customer_id, subscription_id) WHERE status = 'held';
COMMENT ON INDEX meterbook.invoice_hold_open IS 'What waits for a person: it does not grow with history.';
COMMENT ON TABLE meterbook.invoice_hold IS
    'Drafts that look wrong, each with its reason and figure: they are not finalized before a person releases them.';
COMMENT ON COLUMN meterbook.invoice_hold.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_hold.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_hold.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_hold.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_hold.reason IS
    'missing_pull: a source was not read since the period ended; stale_usage: nothing came for its last days; no_usage: '
    'nothing was counted where there was always use; usage_jump: many times the median of the periods before; above_cap: '
    'more money than any invoice should come to; tax_unknown: the tax could not be told when it was to be finalized, which is '
    'tried again every time.';
COMMENT ON COLUMN meterbook.invoice_hold.subject IS 'The meter or the source; empty for the invoice as a whole.';
COMMENT ON COLUMN meterbook.invoice_hold.figure IS
    'What was found: a quantity in the smallest parts of the meter''s unit, days, or an amount in minor units.';
COMMENT ON COLUMN meterbook.invoice_hold.bound IS 'What it was compared with, in the same.';
COMMENT ON COLUMN meterbook.invoice_hold.detail IS 'The same in words.';
COMMENT ON COLUMN meterbook.invoice_hold.held_on IS 'The as-of date of the run that wrote the invoice.';
COMMENT ON COLUMN meterbook.invoice_hold.run_id IS 'That run.';
COMMENT ON COLUMN meterbook.invoice_hold.status IS
    'held; released: a person looked at it, and it is finalized as any other; rejected: it was voided.';
COMMENT ON COLUMN meterbook.invoice_hold.settled_on IS 'The as-of date on which somebody released or rejected it; NULL until then.';
COMMENT ON COLUMN meterbook.invoice_hold.settled_by IS 'Who did.';
COMMENT ON COLUMN meterbook.invoice_hold.note IS 'Why, in his words; NULL where he gave none.';
COMMENT ON COLUMN meterbook.invoice_hold.settled_run IS 'The run in which he did.';

CREATE TABLE meterbook.draft_month (
    month date NOT NULL,
    CONSTRAINT draft_month_pk PRIMARY KEY (month),
    CONSTRAINT draft_month_is_first CHECK (extract(day FROM month) = 1)
);
COMMENT ON TABLE meterbook.draft_month IS
    'The months that may hold drafts: looking for them does not get slower with history. A month is noted before an invoice of '
    'it is written, and struck out when none of its invoices is a draft any more.';
COMMENT ON COLUMN meterbook.draft_month.month IS 'The first day of the month.';
INSERT INTO meterbook.draft_month (month)
SELECT DISTINCT date_trunc('month', period_ends)::date FROM meterbook.invoice;

CREATE FUNCTION meterbook.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = meterbook, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'rows of %.% are only added: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation',
            HINT = 'What was invoiced is corrected by another document, never by an edit.';
END
$$;
COMMENT ON FUNCTION meterbook.refuse_change IS
    'Keeps what was invoiced from being changed, whoever tries: a second wall behind privileges.';

CREATE TRIGGER invoice_is_only_added BEFORE UPDATE OR DELETE ON meterbook.invoice
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER invoice_line_is_only_added BEFORE UPDATE OR DELETE ON meterbook.invoice_line
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER billing_period_is_only_added BEFORE UPDATE OR DELETE ON meterbook.billing_period
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER finalized_invoice_is_only_added BEFORE UPDATE OR DELETE ON meterbook.finalized_invoice
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER invoice_is_not_emptied BEFORE TRUNCATE ON meterbook.invoice
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER invoice_line_is_not_emptied BEFORE TRUNCATE ON meterbook.invoice_line
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER billing_period_is_not_emptied BEFORE TRUNCATE ON meterbook.billing_period
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER finalized_invoice_is_not_emptied BEFORE TRUNCATE ON meterbook.finalized_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER voided_invoice_is_only_added BEFORE UPDATE OR DELETE ON meterbook.voided_invoice
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER voided_invoice_is_not_emptied BEFORE TRUNCATE ON meterbook.voided_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER invoice_tax_is_only_added BEFORE UPDATE OR DELETE ON meterbook.invoice_tax
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER invoice_tax_is_not_emptied BEFORE TRUNCATE ON meterbook.invoice_tax
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER invoice_payment_is_only_added BEFORE UPDATE OR DELETE ON meterbook.invoice_payment
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER invoice_payment_is_not_emptied BEFORE TRUNCATE ON meterbook.invoice_payment
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
