-- migrate:up

CREATE TABLE meterbook.customer_contact (
    customer_id bigint NOT NULL,
    email text NOT NULL,
    CONSTRAINT customer_contact_pk PRIMARY KEY (customer_id),
    CONSTRAINT customer_contact_customer_fk FOREIGN KEY (customer_id) REFERENCES meterbook.customer (customer_id),
    CONSTRAINT customer_contact_email_length CHECK (octet_length(email) BETWEEN 3 AND 254),
    CONSTRAINT customer_contact_email_is_plain CHECK (email ~ '^[!-~]+@[!-~]+$')
);
COMMENT ON TABLE meterbook.customer_contact IS
    'How a customer is reached. Apart from the customer, so that it can be erased while the invoices stay.';
COMMENT ON COLUMN meterbook.customer_contact.customer_id IS 'The customer.';
COMMENT ON COLUMN meterbook.customer_contact.email IS 'The address that notices are mailed to: one, as local-part@domain.';

CREATE TABLE meterbook.notice (
    customer_id bigint NOT NULL,
    notice_id uuid NOT NULL,
    subscription_id bigint NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    topic text NOT NULL,
    period_starts date NOT NULL,
    threshold integer NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    as_of date NOT NULL,
    due date NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    last_error text,
    delivered_at timestamptz,
    delivered_on date,
    run_id bigint NOT NULL,
    CONSTRAINT notice_pk PRIMARY KEY (customer_id, notice_id),
    CONSTRAINT notice_cause_unique UNIQUE (customer_id, subscription_id, kind, topic, period_starts, threshold),
    CONSTRAINT notice_subscription_fk FOREIGN KEY (customer_id, subscription_id)
        REFERENCES meterbook.subscription (customer_id, subscription_id),
    CONSTRAINT notice_status_known CHECK (status IN ('pending', 'delivered', 'dead', 'withdrawn')),
    CONSTRAINT notice_due_not_before_cause CHECK (due >= as_of),
    CONSTRAINT notice_threshold_not_negative CHECK (threshold >= 0),
    CONSTRAINT notice_attempts_not_negative CHECK (attempts >= 0),
    CONSTRAINT notice_delivered_has_time CHECK (
        (status = 'delivered') = (delivered_at IS NOT NULL) AND (delivered_at IS NULL) = (delivered_on IS NULL)),
    CONSTRAINT notice_dead_has_error CHECK (status <> 'dead' OR last_error IS NOT NULL),
    CONSTRAINT notice_subject_is_a_line CHECK (subject !~ '[[:cntrl:]]'),
    CONSTRAINT notice_error_is_short CHECK (length(last_error) <= 500)
);
COMMENT ON TABLE meterbook.notice IS
    'The outbox: every message to a customer, written in the transaction of its cause and delivered by another program. '
    'Its cause is its key, so whoever finds the same cause again writes nothing.';
COMMENT ON COLUMN meterbook.notice.customer_id IS 'Who is written to.';
COMMENT ON COLUMN meterbook.notice.notice_id IS
    'The name of the message outside: follows from the vendor and the cause, so it is the same also in books that were '
    'restored and run again. A receiver that sees it twice has seen one message.';
COMMENT ON COLUMN meterbook.notice.subscription_id IS 'What it is about.';
COMMENT ON COLUMN meterbook.notice.place IS 'The order in which notices were written; unique, and it may have gaps.';
COMMENT ON COLUMN meterbook.notice.kind IS 'What it says: usage_alert, change_announced and so on.';
COMMENT ON COLUMN meterbook.notice.topic IS 'What it is about within the subscription: a price as plan.price, or a rule.';
COMMENT ON COLUMN meterbook.notice.period_starts IS 'The first day of the period that it is about.';
COMMENT ON COLUMN meterbook.notice.threshold IS
    'Tells apart several notices of one topic and period: a percentage, the number of a reminder; or 0.';
COMMENT ON COLUMN meterbook.notice.subject IS 'The subject, as the catalog of its time words it.';
COMMENT ON COLUMN meterbook.notice.body IS 'The text, lines divided by line feeds.';
COMMENT ON COLUMN meterbook.notice.as_of IS 'The day that the run of its cause took for today.';
COMMENT ON COLUMN meterbook.notice.due IS
    'The first day on which it may be delivered: later than as_of where a subscription gets at most one message a day.';
COMMENT ON COLUMN meterbook.notice.status IS
    'pending: to be delivered; delivered; dead: given up; withdrawn: its cause was gone before it was delivered.';
COMMENT ON COLUMN meterbook.notice.attempts IS 'How often its delivery was tried.';
COMMENT ON COLUMN meterbook.notice.next_attempt_at IS 'It is not tried again before; NULL for no bound.';
COMMENT ON COLUMN meterbook.notice.last_error IS 'Why the last attempt failed; never an address or a secret.';
COMMENT ON COLUMN meterbook.notice.delivered_at IS 'When it was handed over, by the clock of the program that did.';
COMMENT ON COLUMN meterbook.notice.delivered_on IS 'The day that the delivery took for today.';
COMMENT ON COLUMN meterbook.notice.run_id IS 'The run of its cause.';
CREATE INDEX notice_pending ON meterbook.notice (due, place) WHERE status = 'pending';
COMMENT ON INDEX meterbook.notice_pending IS 'What is still to be delivered, in order: it does not grow with history.';

CREATE TABLE meterbook.alert_progress (
    only_row boolean NOT NULL DEFAULT true,
    catalog_id integer NOT NULL,
    as_of date NOT NULL,
    watermark bigint NOT NULL,
    CONSTRAINT alert_progress_pk PRIMARY KEY (only_row),
    CONSTRAINT alert_progress_one_row CHECK (only_row)
);
COMMENT ON TABLE meterbook.alert_progress IS
    'How far the alerts are: usage totals that no later pull has changed need not be looked at again.';
COMMENT ON COLUMN meterbook.alert_progress.only_row IS 'Always true: the table has one row at most.';
COMMENT ON COLUMN meterbook.alert_progress.catalog_id IS 'The catalog of the last alerts: with another one all are looked at.';
COMMENT ON COLUMN meterbook.alert_progress.as_of IS 'The day that they took for today: where a version begins after it, too.';
COMMENT ON COLUMN meterbook.alert_progress.watermark IS 'The last pull whose totals were looked at.';

CREATE TABLE meterbook.alert_due (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    CONSTRAINT alert_due_pk PRIMARY KEY (customer_id, subscription_id)
);
COMMENT ON TABLE meterbook.alert_due IS
    'Subscriptions to look at again though none of their totals changes: they could not be computed, or something was '
    'counted of a day that has not come for the run.';
COMMENT ON COLUMN meterbook.alert_due.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.alert_due.subscription_id IS 'The subscription.';
