-- migrate:up

CREATE TABLE meterbook.invoice_revision (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    revision integer NOT NULL,
    series_id integer NOT NULL,
    entry bigint NOT NULL,
    details_version integer NOT NULL,
    details_digest bytea NOT NULL,
    revised_on date NOT NULL,
    reason text NOT NULL,
    author text NOT NULL,
    digest bytea NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT invoice_revision_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, revision),
    CONSTRAINT invoice_revision_details_fk FOREIGN KEY (customer_id, details_version)
        REFERENCES meterbook.billing_detail (customer_id, version),
    CONSTRAINT invoice_revision_run_fk FOREIGN KEY (run_id) REFERENCES meterbook.run (run_id),
    CONSTRAINT invoice_revision_number_from_one CHECK (revision >= 1),
    CONSTRAINT invoice_revision_entry_from_one CHECK (entry >= 1),
    CONSTRAINT invoice_revision_has_reason CHECK (reason <> '' AND reason !~ '[[:cntrl:]]'),
    CONSTRAINT invoice_revision_has_author CHECK (author <> '' AND author !~ '[[:cntrl:]]'),
    CONSTRAINT invoice_revision_digests_are_sha256 CHECK (
        octet_length(details_digest) = 32 AND octet_length(digest) = 32)
);
COMMENT ON TABLE meterbook.invoice_revision IS
    'Revised copies of finalized invoices: other billing details under the same number, date and amounts. Rows are only added; '
    'the original is kept, and the last revision holds.';
COMMENT ON COLUMN meterbook.invoice_revision.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_revision.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_revision.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_revision.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_revision.revision IS 'Which of the invoice''s revisions it is, from 1; 0 is the original.';
COMMENT ON COLUMN meterbook.invoice_revision.series_id IS 'The series of the invoice''s number.';
COMMENT ON COLUMN meterbook.invoice_revision.entry IS 'Its place among all revisions of the series, from 1 without a gap.';
COMMENT ON COLUMN meterbook.invoice_revision.details_version IS 'The version of the customer''s billing details that stands on it.';
COMMENT ON COLUMN meterbook.invoice_revision.details_digest IS 'The digest of that version, as in finalized_invoice.';
COMMENT ON COLUMN meterbook.invoice_revision.revised_on IS 'The day that the run which wrote it took for today.';
COMMENT ON COLUMN meterbook.invoice_revision.reason IS 'Why, in the words of who revised it.';
COMMENT ON COLUMN meterbook.invoice_revision.author IS 'Who revised it.';
COMMENT ON COLUMN meterbook.invoice_revision.digest IS
    'SHA-256 of its content as sql/README.md describes it, with the digest of the invoice, or of its revision before, and that of '
    'the entry before it in the series.';
COMMENT ON COLUMN meterbook.invoice_revision.run_id IS 'That run.';

ALTER TABLE meterbook.invoice_series
    ADD COLUMN revisions bigint NOT NULL DEFAULT 0,
    ADD COLUMN last_revision_digest bytea,
    ADD CONSTRAINT invoice_series_revisions_not_negative CHECK (revisions >= 0),
    ADD CONSTRAINT invoice_series_revisions_complete CHECK ((revisions = 0) = (last_revision_digest IS NULL)),
    ADD CONSTRAINT invoice_series_revision_digest_is_sha256 CHECK (octet_length(last_revision_digest) = 32);
COMMENT ON COLUMN meterbook.invoice_series.revisions IS 'How many revisions its invoices have.';
COMMENT ON COLUMN meterbook.invoice_series.last_revision_digest IS
    'The digest of the last of them: so one that is gone is missed. NULL before the first.';

CREATE TRIGGER invoice_revision_is_only_added BEFORE UPDATE OR DELETE ON meterbook.invoice_revision
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER invoice_revision_is_not_emptied BEFORE TRUNCATE ON meterbook.invoice_revision
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();

GRANT SELECT, INSERT ON meterbook.invoice_revision TO meterbook_billing;
GRANT SELECT ON meterbook.invoice_revision TO meterbook_auditor;
