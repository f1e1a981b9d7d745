-- migrate:up

CREATE TABLE meterbook.source_day (
    source text NOT NULL,
    day date NOT NULL,
    readings bigint NOT NULL,
    most_readings bigint NOT NULL,
    quantity numeric NOT NULL,
    most_quantity numeric NOT NULL,
    pull_id bigint NOT NULL,
    CONSTRAINT source_day_pk PRIMARY KEY (source, day),
    CONSTRAINT source_day_has_readings CHECK (readings >= 1 AND most_readings >= readings),
    CONSTRAINT source_day_quantity_not_negative CHECK (quantity >= 0 AND most_quantity >= quantity)
);
COMMENT ON TABLE meterbook.source_day IS
    'The days that each source of readings has delivered, kept by the transaction that stores the readings: what is missing '
    'is told from it without looking at any reading.';
COMMENT ON COLUMN meterbook.source_day.source IS 'The name of the source.';
COMMENT ON COLUMN meterbook.source_day.day IS 'The day.';
COMMENT ON COLUMN meterbook.source_day.readings IS 'How many readings of the day it delivered, as it did last.';
COMMENT ON COLUMN meterbook.source_day.most_readings IS 'The most that it ever delivered of the day.';
COMMENT ON COLUMN meterbook.source_day.quantity IS
    'The sum of these readings in the smallest parts of their meters'' units, whatever the meters.';
COMMENT ON COLUMN meterbook.source_day.most_quantity IS 'The most that they ever came to.';
COMMENT ON COLUMN meterbook.source_day.pull_id IS 'The last pull that delivered something else than the one before.';

CREATE TABLE meterbook.source_expectation (
    source text NOT NULL,
    feeds text NOT NULL,
    every text NOT NULL DEFAULT 'usual',
    from_day date,
    late_days integer NOT NULL DEFAULT 0,
    stale_days integer NOT NULL DEFAULT 3,
    least_percent integer NOT NULL DEFAULT 50,
    on_gap text NOT NULL DEFAULT 'flag',
    CONSTRAINT source_expectation_pk PRIMARY KEY (source),
    CONSTRAINT source_expectation_feeds_known CHECK (feeds IN ('readings', 'intervals')),
    CONSTRAINT source_expectation_every_known CHECK (every IN ('usual', 'day')),
    CONSTRAINT source_expectation_late_bounded CHECK (late_days BETWEEN 0 AND 366),
    CONSTRAINT source_expectation_stale_bounded CHECK (stale_days BETWEEN 1 AND 366),
    CONSTRAINT source_expectation_is_percent CHECK (least_percent BETWEEN 1 AND 100),
    CONSTRAINT source_expectation_on_gap_known CHECK (on_gap IN ('hold', 'flag', 'ignore'))
);
COMMENT ON TABLE meterbook.source_expectation IS
    'What each source should deliver, as its sources file said when it was last read.';
COMMENT ON COLUMN meterbook.source_expectation.source IS 'The name of the source.';
COMMENT ON COLUMN meterbook.source_expectation.feeds IS 'What it delivers.';
COMMENT ON COLUMN meterbook.source_expectation.every IS 'day: every day; usual: the weekdays on which it delivered until then.';
COMMENT ON COLUMN meterbook.source_expectation.from_day IS
    'The first day that should be there; NULL for the first one that ever came.';
COMMENT ON COLUMN meterbook.source_expectation.late_days IS 'By how many days a day may be late.';
COMMENT ON COLUMN meterbook.source_expectation.stale_days IS
    'A channel without readings for so many days is stale, and so is a source that was not read for longer.';
COMMENT ON COLUMN meterbook.source_expectation.least_percent IS
    'A day with less than so many percent of what is usual has shrunk.';
COMMENT ON COLUMN meterbook.source_expectation.on_gap IS
    'What becomes of a period with a missing day: hold: it is not billed; flag: it is, and the run says so; ignore: nobody looks.';

CREATE TABLE meterbook.released_gap (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    released_on date NOT NULL,
    released_by text NOT NULL,
    note text,
    run_id bigint NOT NULL,
    CONSTRAINT released_gap_pk PRIMARY KEY (customer_id, subscription_id, period_ends)
);
COMMENT ON TABLE meterbook.released_gap IS
    'Periods that are billed in spite of missing days, because a person said so. Rows are only added.';
COMMENT ON COLUMN meterbook.released_gap.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.released_gap.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.released_gap.period_ends IS 'The end of the period.';
COMMENT ON COLUMN meterbook.released_gap.released_on IS 'The as-of date on which somebody let it go.';
COMMENT ON COLUMN meterbook.released_gap.released_by IS 'Who did.';
COMMENT ON COLUMN meterbook.released_gap.note IS 'Why, in his words; NULL where he gave none.';
COMMENT ON COLUMN meterbook.released_gap.run_id IS 'The run in which he did.';

-- Sources that were read before are watched from now on. What each of them delivered follows from who brought the readings.
INSERT INTO meterbook.source_expectation (source, feeds)
SELECT DISTINCT ON (source) source, feeds FROM meterbook.pull
WHERE feeds IN ('readings', 'intervals')
ORDER BY source, pull_id DESC;
INSERT INTO meterbook.source_day (source, day, readings, most_readings, quantity, most_quantity, pull_id)
SELECT p.source, r.day, count(*), count(*), sum(r.quantity), sum(r.quantity), max(r.pull_id)
FROM meterbook.reading AS r
JOIN meterbook.pull AS p USING (pull_id)
GROUP BY p.source, r.day;

CREATE VIEW reporting.source_day AS
SELECT source, day, readings, most_readings, quantity FROM meterbook.source_day;
COMMENT ON VIEW reporting.source_day IS 'One row a source of readings and a day that it delivered.';
COMMENT ON COLUMN reporting.source_day.source IS 'The name of the source.';
COMMENT ON COLUMN reporting.source_day.day IS 'The day.';
COMMENT ON COLUMN reporting.source_day.readings IS 'How many readings of the day it delivered, as it did last.';
COMMENT ON COLUMN reporting.source_day.most_readings IS 'The most that it ever delivered of the day.';
COMMENT ON COLUMN reporting.source_day.quantity IS
    'The sum of these readings in the smallest parts of their meters'' units, whatever the meters.';

GRANT SELECT, INSERT, UPDATE ON meterbook.source_day, meterbook.source_expectation TO meterbook_ingest;
GRANT SELECT ON meterbook.source_day, meterbook.source_expectation TO meterbook_billing, meterbook_auditor;
GRANT SELECT, INSERT ON meterbook.released_gap TO meterbook_billing;
GRANT SELECT ON meterbook.released_gap TO meterbook_auditor;
GRANT SELECT ON reporting.source_day TO meterbook_reporting, meterbook_auditor;
