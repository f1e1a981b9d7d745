-- migrate:up

ALTER TYPE meterbook.invoice_kind ADD VALUE 'change';
COMMENT ON TYPE meterbook.invoice_kind IS
    'period: what a billing period came to; change: what a change of plan in the midst of a paid period came to at once.';

ALTER TABLE meterbook.subscription
    ADD COLUMN paid_from date,
    ADD COLUMN said_plan_id integer,
    ADD COLUMN said_pays_every text,
    ADD COLUMN said_ends date;
COMMENT ON COLUMN meterbook.subscription.paid_from IS
    'The day from which the periods that it pays for are counted, since it pays in another rhythm; NULL for the anchor date.';
COMMENT ON COLUMN meterbook.subscription.said_plan_id IS
    'The plan that the source named last, where that is another than plan_id; a source that repeats itself says nothing new.';
COMMENT ON COLUMN meterbook.subscription.said_pays_every IS 'As said_plan_id, for pays_every.';
COMMENT ON COLUMN meterbook.subscription.said_ends IS 'As said_plan_id, for ends; infinity where the source named no end.';

-- Until now a source could go on naming the plan before an automatic change.
UPDATE meterbook.subscription AS s SET said_plan_id = c.was_plan_id
FROM (
    SELECT DISTINCT ON (customer_id, subscription_id) customer_id, subscription_id, was_plan_id
    FROM meterbook.plan_change WHERE status = 'applied'
    ORDER BY customer_id, subscription_id, takes_effect
) AS c
WHERE s.customer_id = c.customer_id AND s.subscription_id = c.subscription_id AND s.plan_id <> c.was_plan_id;

ALTER TABLE meterbook.plan_change
    DROP CONSTRAINT plan_change_to_another_plan,
    ALTER COLUMN rule DROP NOT NULL,
    ALTER COLUMN month DROP NOT NULL,
    ADD COLUMN origin text NOT NULL DEFAULT 'decision',
    ADD COLUMN was_pays_every text,
    ADD COLUMN was_paid_from date,
    ADD COLUMN pays_every text,
    ADD COLUMN is_at_once boolean NOT NULL DEFAULT false,
    ADD COLUMN in_open_period boolean NOT NULL DEFAULT false,
    ADD COLUMN catalog_id integer,
    ADD COLUMN watermark bigint,
    ADD COLUMN engine smallint,
    ADD CONSTRAINT plan_change_changes_something CHECK (plan_id <> was_plan_id OR pays_every IS NOT NULL),
    ADD CONSTRAINT plan_change_origin_known CHECK (origin IN ('decision', 'request', 'source')),
    ADD CONSTRAINT plan_change_decision_has_rule CHECK (
        (origin = 'decision') = (rule IS NOT NULL) AND (rule IS NULL) = (month IS NULL)),
    ADD CONSTRAINT plan_change_rhythm_complete CHECK (
        (pays_every IS NULL) = (was_pays_every IS NULL) AND (pays_every IS NOT NULL OR was_paid_from IS NULL)),
    ADD CONSTRAINT plan_change_rhythm_at_renewal CHECK (NOT is_at_once OR pays_every IS NULL),
    ADD CONSTRAINT plan_change_divides_when_applied CHECK (NOT in_open_period OR (is_at_once AND status = 'applied')),
    ADD CONSTRAINT plan_change_invoiced_when_applied CHECK (
        catalog_id IS NULL OR (is_at_once AND status = 'applied')),
    ADD CONSTRAINT plan_change_invoice_complete CHECK (
        (catalog_id IS NULL) = (watermark IS NULL) AND (catalog_id IS NULL) = (engine IS NULL));
CREATE INDEX plan_change_under_way ON meterbook.plan_change (customer_id, subscription_id)
    WHERE status = 'announced' OR in_open_period;
COMMENT ON INDEX meterbook.plan_change_under_way IS 'What a close has to look at: it does not grow with history.';
COMMENT ON TABLE meterbook.plan_change IS
    'Changes of plan, or of how often it is paid: announced by a decision, or asked for by the customer or the vendor, and '
    'what became of them. At most one of a subscription is pending.';
COMMENT ON COLUMN meterbook.plan_change.takes_effect IS
    'The first day on the new plan: where a period begins that the subscription pays for, or any day with is_at_once.';
COMMENT ON COLUMN meterbook.plan_change.rule IS 'The key of the rule that decided; NULL where somebody asked.';
COMMENT ON COLUMN meterbook.plan_change.month IS 'The month of the decision; NULL where somebody asked.';
COMMENT ON COLUMN meterbook.plan_change.announced_on IS 'The as-of date of the run that announced it or was told of it.';
COMMENT ON COLUMN meterbook.plan_change.status IS
    'announced: pending; applied; withdrawn: restated counts took its reason away; preempted: another change or the end of '
    'the subscription came first.';
COMMENT ON COLUMN meterbook.plan_change.origin IS
    'decision: a rule of the catalog; request: somebody asked for it on the command line; source: a source named another plan.';
COMMENT ON COLUMN meterbook.plan_change.was_pays_every IS 'How often it was paid until then; NULL where that stays.';
COMMENT ON COLUMN meterbook.plan_change.was_paid_from IS 'The subscription''s paid_from until then.';
COMMENT ON COLUMN meterbook.plan_change.pays_every IS 'How often it is paid from then on; NULL where that stays.';
COMMENT ON COLUMN meterbook.plan_change.is_at_once IS
    'Whether it falls into a period that is paid already, so that it has an invoice of its own.';
COMMENT ON COLUMN meterbook.plan_change.in_open_period IS
    'Whether the billing period that it took effect in is still open; false for what begins with a period.';
COMMENT ON COLUMN meterbook.plan_change.catalog_id IS 'The catalog of its invoice; NULL without one.';
COMMENT ON COLUMN meterbook.plan_change.watermark IS 'The last pull before its invoice.';
COMMENT ON COLUMN meterbook.plan_change.engine IS 'The version of the rating rules of its invoice.';

CREATE TABLE meterbook.subscription_cut (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    day date NOT NULL,
    CONSTRAINT subscription_cut_pk PRIMARY KEY (customer_id, subscription_id, day),
    CONSTRAINT subscription_cut_subscription_fk FOREIGN KEY (customer_id, subscription_id)
        REFERENCES meterbook.subscription (customer_id, subscription_id)
);
COMMENT ON TABLE meterbook.subscription_cut IS
    'Days on which usage totals of one subscription begin anew, because its plan changed there. Rows are only added.';
COMMENT ON COLUMN meterbook.subscription_cut.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.subscription_cut.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.subscription_cut.day IS 'The first day on the new plan.';

CREATE TABLE meterbook.plan_change_excess (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    change_id bigint NOT NULL,
    entitlement text NOT NULL,
    as_of date NOT NULL,
    used bigint NOT NULL,
    most bigint NOT NULL,
    places smallint NOT NULL,
    CONSTRAINT plan_change_excess_pk PRIMARY KEY (customer_id, subscription_id, change_id, entitlement),
    CONSTRAINT plan_change_excess_change_fk FOREIGN KEY (customer_id, subscription_id, change_id)
        REFERENCES meterbook.plan_change (customer_id, subscription_id, change_id),
    CONSTRAINT plan_change_excess_exceeds CHECK (used > most)
);
COMMENT ON TABLE meterbook.plan_change_excess IS
    'What a subscription uses beyond the limits of the plan that it changes to, as the latest run has seen it.';
COMMENT ON COLUMN meterbook.plan_change_excess.customer_id IS 'The change.';
COMMENT ON COLUMN meterbook.plan_change_excess.subscription_id IS 'The change.';
COMMENT ON COLUMN meterbook.plan_change_excess.change_id IS 'The change.';
COMMENT ON COLUMN meterbook.plan_change_excess.entitlement IS 'The key of the entitlement in the catalog.';
COMMENT ON COLUMN meterbook.plan_change_excess.as_of IS 'The day that was looked at.';
COMMENT ON COLUMN meterbook.plan_change_excess.used IS 'What is used, in the smallest parts of the meter''s unit.';
COMMENT ON COLUMN meterbook.plan_change_excess.most IS 'The limit of the new plan, in the same.';
COMMENT ON COLUMN meterbook.plan_change_excess.places IS 'Decimal places of both.';

CREATE TABLE meterbook.plan_change_pause (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    change_id bigint NOT NULL,
    entitlement text NOT NULL,
    place integer NOT NULL,
    account_id bigint NOT NULL,
    channel_id integer NOT NULL,
    since date NOT NULL,
    quantity bigint NOT NULL,
    CONSTRAINT plan_change_pause_pk PRIMARY KEY (customer_id, subscription_id, change_id, entitlement, place),
    CONSTRAINT plan_change_pause_excess_fk FOREIGN KEY (customer_id, subscription_id, change_id, entitlement)
        REFERENCES meterbook.plan_change_excess (customer_id, subscription_id, change_id, entitlement) ON DELETE CASCADE,
    CONSTRAINT plan_change_pause_account_fk FOREIGN KEY (account_id) REFERENCES meterbook.account (account_id),
    CONSTRAINT plan_change_pause_place_from_one CHECK (place >= 1),
    CONSTRAINT plan_change_pause_counts CHECK (quantity > 0)
);
COMMENT ON TABLE meterbook.plan_change_pause IS
    'What is to be paused so that a subscription keeps the limits of the plan that it changes to: the newest first.';
COMMENT ON COLUMN meterbook.plan_change_pause.customer_id IS 'The change.';
COMMENT ON COLUMN meterbook.plan_change_pause.subscription_id IS 'The change.';
COMMENT ON COLUMN meterbook.plan_change_pause.change_id IS 'The change.';
COMMENT ON COLUMN meterbook.plan_change_pause.entitlement IS 'The entitlement whose limit is exceeded.';
COMMENT ON COLUMN meterbook.plan_change_pause.place IS 'In which order, from 1: the newest first.';
COMMENT ON COLUMN meterbook.plan_change_pause.account_id IS 'The account.';
COMMENT ON COLUMN meterbook.plan_change_pause.channel_id IS 'Its channel.';
COMMENT ON COLUMN meterbook.plan_change_pause.since IS 'The day on which it was first counted, or connected.';
COMMENT ON COLUMN meterbook.plan_change_pause.quantity IS 'What it uses, in the smallest parts of the meter''s unit.';

CREATE VIEW meterbook.invoice_cause AS
SELECT b.customer_id, b.subscription_id, b.ends AS period_ends, 'period'::text AS kind, b.starts, b.number, b.catalog_id,
    b.watermark, b.engine, b.run_id
FROM meterbook.billing_period AS b
UNION ALL
SELECT c.customer_id, c.subscription_id, c.takes_effect, 'change'::text, c.takes_effect, NULL::integer, c.catalog_id,
    c.watermark, c.engine, c.settled_run
FROM meterbook.plan_change AS c
WHERE c.catalog_id IS NOT NULL;
COMMENT ON VIEW meterbook.invoice_cause IS 'What each invoice was written for: a closed period, or a change at once.';
COMMENT ON COLUMN meterbook.invoice_cause.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_cause.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_cause.period_ends IS 'The invoice: its date.';
COMMENT ON COLUMN meterbook.invoice_cause.kind IS 'The invoice: its kind, as text.';
COMMENT ON COLUMN meterbook.invoice_cause.starts IS 'The first day of the period; for a change the date itself.';
COMMENT ON COLUMN meterbook.invoice_cause.number IS 'The period''s number; NULL for a change.';
COMMENT ON COLUMN meterbook.invoice_cause.catalog_id IS 'The catalog that it was rated with.';
COMMENT ON COLUMN meterbook.invoice_cause.watermark IS 'The last pull that it could see.';
COMMENT ON COLUMN meterbook.invoice_cause.engine IS 'The version of the rating rules.';
COMMENT ON COLUMN meterbook.invoice_cause.run_id IS 'The run that wrote it.';
