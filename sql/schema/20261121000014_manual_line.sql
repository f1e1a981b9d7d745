-- migrate:up

ALTER TYPE meterbook.line_kind ADD VALUE 'manual';
COMMENT ON TYPE meterbook.line_kind IS
    'flat: a fixed amount for a period; usage: usage against an allowance; minimum: what an allowance period lacks to the '
    'least that it costs; discount: what is taken off other lines; correction: the difference that late usage made to a '
    'line billed before; manual: what a person has added.';

CREATE TABLE meterbook.manual_line (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    number integer NOT NULL,
    amount bigint NOT NULL,
    wording text NOT NULL,
    tax_category text NOT NULL,
    from_day date NOT NULL,
    service_starts date,
    service_ends date,
    reason text NOT NULL,
    author text NOT NULL,
    added_on date NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT manual_line_pk PRIMARY KEY (customer_id, subscription_id, number),
    CONSTRAINT manual_line_subscription_fk FOREIGN KEY (customer_id, subscription_id)
        REFERENCES meterbook.subscription (customer_id, subscription_id),
    CONSTRAINT manual_line_run_fk FOREIGN KEY (run_id) REFERENCES meterbook.run (run_id),
    CONSTRAINT manual_line_number_from_one CHECK (number >= 1),
    CONSTRAINT manual_line_amount_not_zero CHECK (amount <> 0),
    CONSTRAINT manual_line_wording_is_line CHECK (wording <> '' AND wording !~ '[[:cntrl:]]'),
    CONSTRAINT manual_line_tax_category_is_word CHECK (tax_category ~ '^[^|[:cntrl:]]+$'),
    CONSTRAINT manual_line_service_complete CHECK ((service_starts IS NULL) = (service_ends IS NULL)),
    CONSTRAINT manual_line_service_ends_after_start CHECK (service_ends > service_starts),
    CONSTRAINT manual_line_has_reason CHECK (reason <> ''),
    CONSTRAINT manual_line_has_author CHECK (author <> '')
);
COMMENT ON TABLE meterbook.manual_line IS
    'What people have added to the next invoice of a subscription: charges and credits. Rows are only added. A line is billed '
    'when a line of an invoice names it, and pending until then unless it stands in withdrawn_manual_line.';
COMMENT ON COLUMN meterbook.manual_line.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.manual_line.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.manual_line.number IS 'Which of the subscription''s it is, from 1.';
COMMENT ON COLUMN meterbook.manual_line.amount IS
    'Minor units of the subscription''s currency; negative for a credit.';
COMMENT ON COLUMN meterbook.manual_line.wording IS 'What stands on the invoice; it is sealed with it, so it is to hold no personal data.';
COMMENT ON COLUMN meterbook.manual_line.tax_category IS 'As price.tax_category.';
COMMENT ON COLUMN meterbook.manual_line.from_day IS
    'The first period that ends on or after this day takes it, or the last one of the subscription; never before the end of the '
    'period that was open when it was added.';
COMMENT ON COLUMN meterbook.manual_line.service_starts IS 'The first day of the service; NULL for the period that takes it.';
COMMENT ON COLUMN meterbook.manual_line.service_ends IS 'The first day after the service; NULL as service_starts.';
COMMENT ON COLUMN meterbook.manual_line.reason IS 'Why, in the words of who added it; customers are not shown it.';
COMMENT ON COLUMN meterbook.manual_line.author IS 'Who added it.';
COMMENT ON COLUMN meterbook.manual_line.added_on IS 'The day that the run which added it took for today.';
COMMENT ON COLUMN meterbook.manual_line.run_id IS 'That run.';
CREATE INDEX manual_line_from ON meterbook.manual_line (from_day);
COMMENT ON INDEX meterbook.manual_line_from IS 'What a close has to look at: it does not grow with history.';

CREATE TABLE meterbook.withdrawn_manual_line (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    number integer NOT NULL,
    withdrawn_on date NOT NULL,
    reason text NOT NULL,
    author text NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT withdrawn_manual_line_pk PRIMARY KEY (customer_id, subscription_id, number),
    CONSTRAINT withdrawn_manual_line_line_fk FOREIGN KEY (customer_id, subscription_id, number)
        REFERENCES meterbook.manual_line (customer_id, subscription_id, number),
    CONSTRAINT withdrawn_manual_line_run_fk FOREIGN KEY (run_id) REFERENCES meterbook.run (run_id),
    CONSTRAINT withdrawn_manual_line_has_reason CHECK (reason <> ''),
    CONSTRAINT withdrawn_manual_line_has_author CHECK (author <> '')
);
COMMENT ON TABLE meterbook.withdrawn_manual_line IS
    'Manual lines that were taken back before an invoice took them: rows are only added.';
COMMENT ON COLUMN meterbook.withdrawn_manual_line.customer_id IS 'The manual line.';
COMMENT ON COLUMN meterbook.withdrawn_manual_line.subscription_id IS 'The manual line.';
COMMENT ON COLUMN meterbook.withdrawn_manual_line.number IS 'The manual line.';
COMMENT ON COLUMN meterbook.withdrawn_manual_line.withdrawn_on IS 'The day that the run which took it back took for today.';
COMMENT ON COLUMN meterbook.withdrawn_manual_line.reason IS 'Why, in the words of who took it back.';
COMMENT ON COLUMN meterbook.withdrawn_manual_line.author IS 'Who took it back.';
COMMENT ON COLUMN meterbook.withdrawn_manual_line.run_id IS 'That run.';

-- A kind that has just been added cannot be named before the migration is over: so a manual line is one of no other kind. The
-- kinds that almost all lines have are asked for first.
ALTER TABLE meterbook.invoice_line
    ALTER COLUMN price_id DROP NOT NULL,
    ADD COLUMN manual_line integer,
    ADD CONSTRAINT invoice_line_has_price_or_manual_line CHECK ((price_id IS NULL) = (manual_line IS NOT NULL)),
    ADD CONSTRAINT invoice_line_manual_names_its_line CHECK (
        (line_kind = 'usage' OR line_kind = 'flat' OR line_kind = 'discount' OR line_kind = 'minimum'
            OR line_kind = 'correction') = (manual_line IS NULL));
COMMENT ON COLUMN meterbook.invoice_line.price_id IS 'The price; NULL for a manual line, which has none.';
COMMENT ON COLUMN meterbook.invoice_line.manual_line IS
    'manual: which of the subscription''s manual lines it is. That a line of an invoice names it is what tells that a manual '
    'line has been billed.';

CREATE TRIGGER manual_line_is_only_added BEFORE UPDATE OR DELETE ON meterbook.manual_line
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER manual_line_is_not_emptied BEFORE TRUNCATE ON meterbook.manual_line
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER withdrawn_manual_line_is_only_added BEFORE UPDATE OR DELETE ON meterbook.withdrawn_manual_line
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER withdrawn_manual_line_is_not_emptied BEFORE TRUNCATE ON meterbook.withdrawn_manual_line
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();

GRANT SELECT, INSERT ON meterbook.manual_line, meterbook.withdrawn_manual_line TO meterbook_billing;
GRANT SELECT ON meterbook.manual_line, meterbook.withdrawn_manual_line TO meterbook_auditor;
