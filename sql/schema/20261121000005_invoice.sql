-- migrate:up

CREATE TYPE meterbook.invoice_kind AS ENUM ('period');
COMMENT ON TYPE meterbook.invoice_kind IS 'period: what a billing period came to.';
CREATE TYPE meterbook.invoice_status AS ENUM ('draft', 'finalized', 'voided');
COMMENT ON TYPE meterbook.invoice_status IS
    'draft: written by a close, not yet given to the customer; finalized: numbered and immutable; voided.';
CREATE TYPE meterbook.line_kind AS ENUM ('flat', 'usage', 'minimum', 'discount', 'correction');
COMMENT ON TYPE meterbook.line_kind IS
    'flat: a fixed amount for a period; usage: usage against an allowance; minimum: what an allowance period lacks to the '
    'least that it costs; discount: what is taken off other lines; correction: the difference that late usage made to a '
    'line billed before.';

CREATE TABLE meterbook.open_period (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    number integer NOT NULL,
    starts date NOT NULL,
    ends date NOT NULL,
    counts_from date NOT NULL,
    CONSTRAINT open_period_pk PRIMARY KEY (customer_id, subscription_id),
    CONSTRAINT open_period_ends_not_before_start CHECK (ends >= starts),
    CONSTRAINT open_period_counts_before_start CHECK (counts_from <= starts)
) WITH (fillfactor = 45);
COMMENT ON TABLE meterbook.open_period IS
    'The period that each subscription is in: the next one to be closed. One row a subscription, changed in place (no '
    'column but the key is indexed, and pages keep room for a second copy of every row), so finding what is due costs the '
    'same with any history.';
COMMENT ON COLUMN meterbook.open_period.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.open_period.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.open_period.number IS 
    'The period''s number, counted from the anchor date, from 0; negative before it.';
COMMENT ON COLUMN meterbook.open_period.starts IS
    'Its first day; equal to ends before the first period, where what is paid in advance is first charged.';
COMMENT ON COLUMN meterbook.open_period.ends IS 'The first day after it: the period is due from this day on.';
COMMENT ON COLUMN meterbook.open_period.counts_from IS
    'The first day whose usage has a say in its invoice: where the longest allowance period began.';

CREATE TABLE meterbook.billing_period (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    ends date NOT NULL,
    starts date NOT NULL,
    number integer NOT NULL,
    catalog_id integer NOT NULL,
    watermark bigint NOT NULL,
    engine smallint NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT billing_period_pk PRIMARY KEY (customer_id, subscription_id, ends),
    CONSTRAINT billing_period_ends_not_before_start CHECK (ends >= starts)
) PARTITION BY RANGE (ends);
COMMENT ON TABLE meterbook.billing_period IS
    'Every period that has been closed. Rows are only added. That periods of a subscription neither overlap nor leave a '
    'gap follows from their numbers and is checked by checks/overlapping_period.';
COMMENT ON COLUMN meterbook.billing_period.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.billing_period.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.billing_period.ends IS 'The first day after the period.';
COMMENT ON COLUMN meterbook.billing_period.starts IS
    'Its first day; equal to ends before the first period, where what is paid in advance is first charged.';
COMMENT ON COLUMN meterbook.billing_period.number IS 'Counted from the anchor date, from 0; negative before it.';
COMMENT ON COLUMN meterbook.billing_period.catalog_id IS 'The catalog that it was rated with.';
COMMENT ON COLUMN meterbook.billing_period.watermark IS 'The last pull that its close could see.';
COMMENT ON COLUMN meterbook.billing_period.engine IS 'The version of the rating rules.';
COMMENT ON COLUMN meterbook.billing_period.run_id IS 'The run that closed it.';

CREATE TABLE meterbook.invoice (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    status meterbook.invoice_status NOT NULL,
    currency text NOT NULL,
    total bigint NOT NULL,
    line_count smallint NOT NULL,
    CONSTRAINT invoice_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind),
    CONSTRAINT invoice_line_count_not_negative CHECK (line_count >= 0)
) PARTITION BY RANGE (period_ends);
COMMENT ON TABLE meterbook.invoice IS
    'One invoice for a subscription, period and kind: the primary key says so. Dated by the end of its period.';
COMMENT ON COLUMN meterbook.invoice.customer_id IS 'Who is invoiced.';
COMMENT ON COLUMN meterbook.invoice.subscription_id IS 'For what.';
COMMENT ON COLUMN meterbook.invoice.period_ends IS 'The end of the billing period: the invoice''s date.';
COMMENT ON COLUMN meterbook.invoice.kind IS 'Why it was written.';
COMMENT ON COLUMN meterbook.invoice.status IS 'Where it stands in its life.';
COMMENT ON COLUMN meterbook.invoice.currency IS 'ISO 4217 code.';
COMMENT ON COLUMN meterbook.invoice.total IS 'The sum of its lines in minor units; negative when credits outweigh charges.';
COMMENT ON COLUMN meterbook.invoice.line_count IS 'How many lines it has: a lost one is noticed.';

CREATE TABLE meterbook.invoice_line (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    line smallint NOT NULL,
    line_kind meterbook.line_kind NOT NULL,
    price_id integer NOT NULL,
    service_starts date NOT NULL,
    service_ends date NOT NULL,
    quantity bigint NOT NULL,
    counted_before bigint NOT NULL,
    threshold bigint NOT NULL,
    billable bigint NOT NULL,
    amount bigint NOT NULL,
    corrects_period_ends date,
    corrects_line smallint,
    CONSTRAINT invoice_line_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, line),
    CONSTRAINT invoice_line_number_from_one CHECK (line >= 1),
    CONSTRAINT invoice_line_service_ends_after_start CHECK (service_ends > service_starts),
    CONSTRAINT invoice_line_correction_names_its_line CHECK (
        (line_kind = 'correction') = (corrects_period_ends IS NOT NULL)
        AND (corrects_period_ends IS NULL) = (corrects_line IS NULL)),
    CONSTRAINT invoice_line_usage_not_negative CHECK (
        line_kind = 'correction' OR (quantity >= 0 AND billable BETWEEN 0 AND quantity))
) PARTITION BY RANGE (period_ends);
COMMENT ON TABLE meterbook.invoice_line IS
    'The lines of invoices, each with what it was computed from; the arithmetic follows from these inputs and the price.';
COMMENT ON COLUMN meterbook.invoice_line.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_line.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_line.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_line.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_line.line IS 'The line''s place on it, from 1.';
COMMENT ON COLUMN meterbook.invoice_line.line_kind IS 'What kind of line it is.';
COMMENT ON COLUMN meterbook.invoice_line.price_id IS 'The price.';
COMMENT ON COLUMN meterbook.invoice_line.service_starts IS 'The first day of the service.';
COMMENT ON COLUMN meterbook.invoice_line.service_ends IS 'The first day after the service.';
COMMENT ON COLUMN meterbook.invoice_line.quantity IS
    'usage: what was counted in the service period; correction: by how much that changed; flat: 1.';
COMMENT ON COLUMN meterbook.invoice_line.counted_before IS
    'usage: what had been counted in the allowance period before the service period; minimum: what the allowance period '
    'cost without it, in minor units; discount: what the discounted lines come to, in minor units.';
COMMENT ON COLUMN meterbook.invoice_line.threshold IS
    'usage: the count beyond which units are charged; minimum: the least that the allowance period costs, in minor units.';
COMMENT ON COLUMN meterbook.invoice_line.billable IS 'Units beyond it; in a correction, by how much they changed.';
COMMENT ON COLUMN meterbook.invoice_line.amount IS 'Minor units.';
COMMENT ON COLUMN meterbook.invoice_line.corrects_period_ends IS 'correction: the invoice whose line is corrected.';
COMMENT ON COLUMN meterbook.invoice_line.corrects_line IS 'correction: that line''s number.';

CREATE TABLE meterbook.hold (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    period_ends date NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT hold_pk PRIMARY KEY (customer_id, subscription_id)
);
COMMENT ON TABLE meterbook.hold IS
    'Subscriptions that a close set aside, with the reason; the next close tries again and takes the row away.';
COMMENT ON COLUMN meterbook.hold.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.hold.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.hold.reason IS 'The reason code.';
COMMENT ON COLUMN meterbook.hold.detail IS 'What was found and what to do.';
COMMENT ON COLUMN meterbook.hold.period_ends IS 'The period that could not be closed.';
COMMENT ON COLUMN meterbook.hold.run_id IS 'The run that set it aside first.';
