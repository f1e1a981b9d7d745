-- migrate:up

CREATE TABLE meterbook.channel (
    channel_id integer GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    category text NOT NULL,
    CONSTRAINT channel_pk PRIMARY KEY (channel_id),
    CONSTRAINT channel_key_and_category_unique UNIQUE (key, category),
    CONSTRAINT channel_key_length CHECK (octet_length(key) BETWEEN 1 AND 200),
    CONSTRAINT channel_category_length CHECK (octet_length(category) <= 200)
);
COMMENT ON TABLE meterbook.channel IS
    'The names of selling channels; a channel becomes known with its first reading or interval.';
COMMENT ON COLUMN meterbook.channel.channel_id IS 'The store''s number of the name.';
COMMENT ON COLUMN meterbook.channel.key IS 'The name that the sources use.';
COMMENT ON COLUMN meterbook.channel.category IS 'The category that they give it; empty for none.';

CREATE TABLE meterbook.pull (
    pull_id bigint GENERATED ALWAYS AS IDENTITY,
    run_id bigint NOT NULL,
    source text NOT NULL,
    feeds text NOT NULL,
    from_day date,
    to_day date,
    status text NOT NULL DEFAULT 'running',
    rows_read bigint NOT NULL DEFAULT 0,
    rows_outside bigint NOT NULL DEFAULT 0,
    rows_new bigint NOT NULL DEFAULT 0,
    rows_changed bigint NOT NULL DEFAULT 0,
    rows_unchanged bigint NOT NULL DEFAULT 0,
    rows_repeated bigint NOT NULL DEFAULT 0,
    rows_merged bigint NOT NULL DEFAULT 0,
    rows_rejected bigint NOT NULL DEFAULT 0,
    CONSTRAINT pull_pk PRIMARY KEY (pull_id),
    CONSTRAINT pull_run_fk FOREIGN KEY (run_id) REFERENCES meterbook.run (run_id),
    CONSTRAINT pull_status_known CHECK (status IN ('running', 'succeeded', 'incomplete', 'failed', 'abandoned')),
    CONSTRAINT pull_feeds_known
        CHECK (feeds IN ('customers', 'subscriptions', 'accounts', 'memberships', 'readings', 'intervals')),
    CONSTRAINT pull_every_row_is_accounted_for CHECK (
        status NOT IN ('succeeded', 'incomplete')
        OR rows_read
            = rows_outside + rows_new + rows_changed + rows_unchanged + rows_repeated + rows_merged + rows_rejected)
);
COMMENT ON TABLE meterbook.pull IS 'One row for each time that a source was read: the journal of what came in.';
COMMENT ON COLUMN meterbook.pull.pull_id IS 'Ascending in time: a watermark is the last pull that a close could see.';
COMMENT ON COLUMN meterbook.pull.run_id IS 'The run.';
COMMENT ON COLUMN meterbook.pull.source IS 'The name of the source.';
COMMENT ON COLUMN meterbook.pull.feeds IS 'What the source delivers.';
COMMENT ON COLUMN meterbook.pull.from_day IS 'The first day of the window that was asked for; NULL for no bound.';
COMMENT ON COLUMN meterbook.pull.to_day IS 'The first day after the window; NULL for no bound.';
COMMENT ON COLUMN meterbook.pull.status IS 'running; succeeded; incomplete: rows were rejected; failed; abandoned.';
COMMENT ON COLUMN meterbook.pull.rows_read IS 'Rows that the source delivered.';
COMMENT ON COLUMN meterbook.pull.rows_outside IS 'Rows of days outside the window: left alone.';
COMMENT ON COLUMN meterbook.pull.rows_new IS 'Rows that brought something unknown until then.';
COMMENT ON COLUMN meterbook.pull.rows_changed IS 'Rows that restated something known.';
COMMENT ON COLUMN meterbook.pull.rows_unchanged IS 'Rows that said what was known already.';
COMMENT ON COLUMN meterbook.pull.rows_repeated IS
    'Rows that another row of the same pull repeats, or that a later file of the pull replaces.';
COMMENT ON COLUMN meterbook.pull.rows_merged IS
    'Rows by the instant beyond one for each reading: all of one day are one reading, which is counted as new, changed or '
    'unchanged.';
COMMENT ON COLUMN meterbook.pull.rows_rejected IS 'Rows that were not taken in; each stands in rejected_row.';

CREATE TABLE meterbook.rejected_row (
    source text NOT NULL,
    file text NOT NULL,
    line bigint NOT NULL,
    reason text NOT NULL,
    row_md5 text NOT NULL GENERATED ALWAYS AS (md5(row_text)) STORED,
    column_number integer NOT NULL,
    field text NOT NULL,
    found text NOT NULL,
    expected text NOT NULL,
    row_text text NOT NULL,
    pull_id bigint NOT NULL,
    CONSTRAINT rejected_row_pk PRIMARY KEY (source, file, line, reason, row_md5),
    CONSTRAINT rejected_row_line_positive CHECK (line >= 1),
    CONSTRAINT rejected_row_column_not_negative CHECK (column_number >= 0)
);
COMMENT ON TABLE meterbook.rejected_row IS
    'Every row that was not taken in, with the reason; a row that is rejected again is not written again.';
COMMENT ON COLUMN meterbook.rejected_row.source IS 'The name of the source.';
COMMENT ON COLUMN meterbook.rejected_row.file IS 'The file, as the source names it.';
COMMENT ON COLUMN meterbook.rejected_row.line IS 'The line on which the row starts, from 1.';
COMMENT ON COLUMN meterbook.rejected_row.reason IS 'The reason code.';
COMMENT ON COLUMN meterbook.rejected_row.row_md5 IS 'Tells two versions of a line apart.';
COMMENT ON COLUMN meterbook.rejected_row.column_number IS 'Where in the line, from 1; 0 when the whole row is meant.';
COMMENT ON COLUMN meterbook.rejected_row.field IS 'The field that is wrong; empty when the whole row is meant.';
COMMENT ON COLUMN meterbook.rejected_row.found IS 'What stood there.';
COMMENT ON COLUMN meterbook.rejected_row.expected IS 'What should have stood there.';
COMMENT ON COLUMN meterbook.rejected_row.row_text IS 'The row as the source delivered it, cut at 2,000 bytes.';
COMMENT ON COLUMN meterbook.rejected_row.pull_id IS 'The pull that rejected it first.';

CREATE TABLE meterbook.reading (
    day date NOT NULL,
    customer_id bigint NOT NULL,
    account_id bigint NOT NULL,
    channel_id integer NOT NULL,
    meter_id integer NOT NULL,
    quantity bigint NOT NULL,
    pull_id bigint NOT NULL,
    CONSTRAINT reading_pk PRIMARY KEY (day, customer_id, account_id, channel_id, meter_id),
    CONSTRAINT reading_quantity_not_negative CHECK (quantity >= 0)
) PARTITION BY RANGE (day);
COMMENT ON TABLE meterbook.reading IS
    'The current count of an account, channel and meter on a day. The key starts with the day, so a night''s load '
    'appends at one end of its month, however long the history is.';
COMMENT ON COLUMN meterbook.reading.day IS 'The day, in the subscription''s time zone.';
COMMENT ON COLUMN meterbook.reading.customer_id IS 'The customer for whom the account counted on that day.';
COMMENT ON COLUMN meterbook.reading.account_id IS 'The account.';
COMMENT ON COLUMN meterbook.reading.channel_id IS 'The selling channel.';
COMMENT ON COLUMN meterbook.reading.meter_id IS 'What was counted.';
COMMENT ON COLUMN meterbook.reading.quantity IS 'The count, in the meter''s units.';
COMMENT ON COLUMN meterbook.reading.pull_id IS 'The pull that brought this value.';

CREATE TABLE meterbook.reading_superseded (
    day date NOT NULL,
    customer_id bigint NOT NULL,
    account_id bigint NOT NULL,
    channel_id integer NOT NULL,
    meter_id integer NOT NULL,
    quantity bigint NOT NULL,
    pull_id bigint NOT NULL,
    superseded_by bigint NOT NULL,
    CONSTRAINT reading_superseded_pk
        PRIMARY KEY (day, customer_id, account_id, channel_id, meter_id, superseded_by),
    CONSTRAINT reading_superseded_later CHECK (superseded_by > pull_id)
);
COMMENT ON TABLE meterbook.reading_superseded IS
    'Counts that were restated: with the current ones they tell what was known at any watermark.';
COMMENT ON COLUMN meterbook.reading_superseded.day IS 'As in reading.';
COMMENT ON COLUMN meterbook.reading_superseded.customer_id IS 'As in reading.';
COMMENT ON COLUMN meterbook.reading_superseded.account_id IS 'As in reading.';
COMMENT ON COLUMN meterbook.reading_superseded.channel_id IS 'As in reading.';
COMMENT ON COLUMN meterbook.reading_superseded.meter_id IS 'As in reading.';
COMMENT ON COLUMN meterbook.reading_superseded.quantity IS 'The count that no longer holds.';
COMMENT ON COLUMN meterbook.reading_superseded.pull_id IS 'The pull that had brought it.';
COMMENT ON COLUMN meterbook.reading_superseded.superseded_by IS 'The pull that restated it.';

CREATE TABLE meterbook.usage_total (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    meter_id integer NOT NULL,
    start date NOT NULL,
    quantity bigint NOT NULL,
    pull_id bigint NOT NULL,
    CONSTRAINT usage_total_pk PRIMARY KEY (customer_id, subscription_id, meter_id, start),
    CONSTRAINT usage_total_quantity_not_negative CHECK (quantity >= 0)
) PARTITION BY RANGE (start);
COMMENT ON TABLE meterbook.usage_total IS
    'What a meter counted for a subscription over a slice: the longest run of days that no billing period, no first of '
    'a month and no total_cut divides. Kept by the transaction that changes the readings; a period, a calendar month or '
    'a part of a period under one plan version is a sum of whole slices. For a meter that is no running sum: its one '
    'quantity for a billing period, kept by the meter step.';
COMMENT ON COLUMN meterbook.usage_total.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.usage_total.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.usage_total.meter_id IS 'What was counted.';
COMMENT ON COLUMN meterbook.usage_total.start IS 'The first day of the slice, or of the billing period.';
COMMENT ON COLUMN meterbook.usage_total.quantity IS 'The total of all its readings.';
COMMENT ON COLUMN meterbook.usage_total.pull_id IS 'The last pull that changed it.';

CREATE TABLE meterbook.late_usage (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    meter_id integer NOT NULL,
    start date NOT NULL,
    pull_id bigint NOT NULL,
    CONSTRAINT late_usage_pk PRIMARY KEY (customer_id, subscription_id, meter_id, start)
);
COMMENT ON TABLE meterbook.late_usage IS
    'Totals that changed after their period had been closed, until a close has billed the difference.';
COMMENT ON COLUMN meterbook.late_usage.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.late_usage.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.late_usage.meter_id IS 'What was counted.';
COMMENT ON COLUMN meterbook.late_usage.start IS 'The first day of the slice that changed.';
COMMENT ON COLUMN meterbook.late_usage.pull_id IS 'The last pull that changed it.';

CREATE TABLE meterbook.month_reading (
    account_id bigint NOT NULL,
    meter_id integer NOT NULL,
    channel_id integer NOT NULL,
    month date NOT NULL,
    day date NOT NULL,
    customer_id bigint NOT NULL,
    CONSTRAINT month_reading_pk PRIMARY KEY (account_id, meter_id, channel_id, month),
    CONSTRAINT month_reading_day_in_month CHECK (day >= month AND day < month + 31)
);
COMMENT ON TABLE meterbook.month_reading IS
    'The last day of each month on which a channel was read, for the meters whose readings hold until the next one: where '
    'the level is found that a window begins with. Readings are kept by day, so nothing else could tell it without '
    'looking through all of them.';
COMMENT ON COLUMN meterbook.month_reading.account_id IS
    'The account. It leads, for a level outlives the membership under which it was read.';
COMMENT ON COLUMN meterbook.month_reading.meter_id IS 'What was read.';
COMMENT ON COLUMN meterbook.month_reading.channel_id IS 'The channel.';
COMMENT ON COLUMN meterbook.month_reading.month IS 'The first of the month.';
COMMENT ON COLUMN meterbook.month_reading.day IS 'The last day in it that has a reading.';
COMMENT ON COLUMN meterbook.month_reading.customer_id IS 'The customer for whom the account counted on that day.';

CREATE TABLE meterbook.meter_progress (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    until date NOT NULL,
    due date,
    CONSTRAINT meter_progress_pk PRIMARY KEY (customer_id, subscription_id)
);
COMMENT ON TABLE meterbook.meter_progress IS
    'How far the totals that are no running sums are right. A pull that changes something of an earlier day moves it back, '
    'in the transaction of the change; the meter step moves it on. So neither can be forgotten, whatever is killed.';
COMMENT ON COLUMN meterbook.meter_progress.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.meter_progress.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.meter_progress.until IS
    'The totals of all billing periods that end on or before this day are right.';
COMMENT ON COLUMN meterbook.meter_progress.due IS
    'From when there is something to compute again; NULL when the subscription has ended and all is right.';

CREATE TABLE meterbook.connection_interval (
    customer_id bigint NOT NULL,
    account_id bigint NOT NULL,
    channel_id integer NOT NULL,
    meter_id integer NOT NULL,
    on_at timestamptz NOT NULL,
    off_at timestamptz,
    category text NOT NULL,
    pull_id bigint NOT NULL,
    CONSTRAINT connection_interval_pk PRIMARY KEY (account_id, channel_id, meter_id, on_at),
    CONSTRAINT connection_interval_off_not_before_on CHECK (off_at >= on_at)
);
COMMENT ON TABLE meterbook.connection_interval IS
    'When a channel was on, as it is known now: half-open, from on until before off. One whose off is its on has been '
    'taken back. The key starts with the account, not with the customer, for an interval outlives a membership: an account '
    'that moves to another subscription takes the carts that are on with it.';
COMMENT ON COLUMN meterbook.connection_interval.customer_id IS
    'The customer for whom the account counted when it was switched on, or the nearest in time.';
COMMENT ON COLUMN meterbook.connection_interval.account_id IS 'The account.';
COMMENT ON COLUMN meterbook.connection_interval.channel_id IS
    'The channel by its key alone (its category is empty there), so that a corrected category is no second channel.';
COMMENT ON COLUMN meterbook.connection_interval.meter_id IS 'What was on.';
COMMENT ON COLUMN meterbook.connection_interval.on_at IS 'When it was switched on.';
COMMENT ON COLUMN meterbook.connection_interval.off_at IS 'When it was switched off; NULL while it is on.';
COMMENT ON COLUMN meterbook.connection_interval.category IS 'The category of the channel; empty for none.';
COMMENT ON COLUMN meterbook.connection_interval.pull_id IS 'The pull that brought these values.';

CREATE TABLE meterbook.connection_interval_superseded (
    customer_id bigint NOT NULL,
    account_id bigint NOT NULL,
    channel_id integer NOT NULL,
    meter_id integer NOT NULL,
    on_at timestamptz NOT NULL,
    off_at timestamptz,
    category text NOT NULL,
    pull_id bigint NOT NULL,
    superseded_by bigint NOT NULL,
    CONSTRAINT connection_interval_superseded_pk
        PRIMARY KEY (account_id, channel_id, meter_id, on_at, superseded_by),
    CONSTRAINT connection_interval_superseded_later CHECK (superseded_by > pull_id)
);
COMMENT ON TABLE meterbook.connection_interval_superseded IS
    'Intervals that were restated: with the current ones they tell what was known at any watermark.';
COMMENT ON COLUMN meterbook.connection_interval_superseded.customer_id IS 'As in connection_interval.';
COMMENT ON COLUMN meterbook.connection_interval_superseded.account_id IS 'As in connection_interval.';
COMMENT ON COLUMN meterbook.connection_interval_superseded.channel_id IS 'As in connection_interval.';
COMMENT ON COLUMN meterbook.connection_interval_superseded.meter_id IS 'As in connection_interval.';
COMMENT ON COLUMN meterbook.connection_interval_superseded.on_at IS 'As in connection_interval.';
COMMENT ON COLUMN meterbook.connection_interval_superseded.off_at IS 'The off that no longer holds.';
COMMENT ON COLUMN meterbook.connection_interval_superseded.category IS 'The category that no longer holds.';
COMMENT ON COLUMN meterbook.connection_interval_superseded.pull_id IS 'The pull that had brought it.';
COMMENT ON COLUMN meterbook.connection_interval_superseded.superseded_by IS 'The pull that restated it.';
