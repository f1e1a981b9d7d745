-- migrate:up

ALTER TABLE meterbook.run
    ADD COLUMN origin text,
    ADD COLUMN login text,
    ADD COLUMN sessions_lost integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT run_origin_known CHECK (origin IN ('terminal', 'cron', 'systemd', 'kubernetes', 'program')),
    ADD CONSTRAINT run_sessions_lost_not_negative CHECK (sessions_lost >= 0);
-- Of the runs until now nobody knows it.
ALTER TABLE meterbook.run ALTER COLUMN login SET DEFAULT session_user;
COMMENT ON COLUMN meterbook.run.origin IS
    'What started it: terminal, cron, systemd, kubernetes, or another program; NULL where that is not known.';
COMMENT ON COLUMN meterbook.run.login IS 'The role that it logged in with; NULL of a run before this was kept.';
COMMENT ON COLUMN meterbook.run.sessions_lost IS
    'How often its connection was lost and it went on with another. Those of its workers are not among them.';

-- What was only shown until now is only shown where nobody says more, and where nobody looked at all, nobody looks.
ALTER TABLE meterbook.source_expectation
    ADD COLUMN on_shrunk_day text NOT NULL DEFAULT 'show',
    ADD COLUMN on_unread_source text NOT NULL DEFAULT 'show',
    ADD COLUMN on_missing_channel text NOT NULL DEFAULT 'show',
    DROP CONSTRAINT source_expectation_on_gap_known;
UPDATE meterbook.source_expectation
SET on_shrunk_day = 'ignore', on_unread_source = 'ignore', on_missing_channel = 'ignore'
WHERE on_gap = 'ignore';
ALTER TABLE meterbook.source_expectation
    ADD CONSTRAINT source_expectation_on_gap_known CHECK (on_gap IN ('hold', 'flag', 'show', 'ignore')),
    ADD CONSTRAINT source_expectation_on_shrunk_day_known CHECK (on_shrunk_day IN ('hold', 'flag', 'show', 'ignore')),
    ADD CONSTRAINT source_expectation_on_unread_source_known
        CHECK (on_unread_source IN ('hold', 'flag', 'show', 'ignore')),
    ADD CONSTRAINT source_expectation_on_missing_channel_known
        CHECK (on_missing_channel IN ('hold', 'flag', 'show', 'ignore'));
COMMENT ON COLUMN meterbook.source_expectation.on_gap IS
    'What becomes of a period with a missing day: hold: it is not billed; flag: it is, and its invoice says so; show: it is as '
    'any other, and only meterbook gaps tells; ignore: nobody looks.';
COMMENT ON COLUMN meterbook.source_expectation.on_shrunk_day IS 'The same of a day with far less than is usual.';
COMMENT ON COLUMN meterbook.source_expectation.on_unread_source IS 'The same of the days since the source was last read.';
COMMENT ON COLUMN meterbook.source_expectation.on_missing_channel IS
    'The same of days on which a channel is missed that was there on nearly every day of the source.';
COMMENT ON TABLE meterbook.released_gap IS
    'Periods that are billed in spite of gaps of sources or channels, because a person said so. Rows are only added.';

CREATE TABLE meterbook.invoice_gap (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    period_ends date NOT NULL,
    kind meterbook.invoice_kind NOT NULL,
    place smallint NOT NULL,
    gap text NOT NULL,
    source text NOT NULL,
    account_id bigint,
    channel_id integer,
    first_day date NOT NULL,
    last_day date NOT NULL,
    days integer NOT NULL,
    CONSTRAINT invoice_gap_pk PRIMARY KEY (customer_id, subscription_id, period_ends, kind, place),
    CONSTRAINT invoice_gap_place_from_one CHECK (place >= 1),
    CONSTRAINT invoice_gap_known CHECK (gap IN ('missing_day', 'shrunk_day', 'unread_source', 'missing_channel')),
    CONSTRAINT invoice_gap_names_its_channel CHECK (
        (gap = 'missing_channel') = (account_id IS NOT NULL) AND (account_id IS NULL) = (channel_id IS NULL)),
    CONSTRAINT invoice_gap_days_in_order CHECK (last_day >= first_day AND days BETWEEN 1 AND last_day - first_day + 1)
);
COMMENT ON TABLE meterbook.invoice_gap IS
    'What sources and channels had not delivered of an invoice''s period when it was written all the same, as they are said to be '
    'flagged. A mark beside the invoice: no amount and no seal depends on it. Rows are only added, by the transaction that '
    'writes the invoice.';
COMMENT ON COLUMN meterbook.invoice_gap.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_gap.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_gap.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_gap.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_gap.place IS 'Its place among those of the invoice, from 1.';
COMMENT ON COLUMN meterbook.invoice_gap.gap IS
    'missing_day: nothing came; shrunk_day: far less than is usual; unread_source: the source was not read since; '
    'missing_channel: nothing came of the channel.';
COMMENT ON COLUMN meterbook.invoice_gap.source IS 'The name of the source.';
COMMENT ON COLUMN meterbook.invoice_gap.account_id IS 'missing_channel: the account; else NULL.';
COMMENT ON COLUMN meterbook.invoice_gap.channel_id IS 'missing_channel: the channel; else NULL.';
COMMENT ON COLUMN meterbook.invoice_gap.first_day IS 'The first of the days in the period.';
COMMENT ON COLUMN meterbook.invoice_gap.last_day IS 'The last of them.';
COMMENT ON COLUMN meterbook.invoice_gap.days IS 'How many they are.';
CREATE TRIGGER invoice_gap_is_only_added BEFORE UPDATE OR DELETE ON meterbook.invoice_gap
    FOR EACH ROW EXECUTE FUNCTION meterbook.refuse_change();
CREATE TRIGGER invoice_gap_is_not_emptied BEFORE TRUNCATE ON meterbook.invoice_gap
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook.refuse_change();

CREATE VIEW meterbook.invoice_gap_text AS
SELECT g.customer_id, g.subscription_id, g.period_ends, g.kind,
    string_agg(
        concat_ws(
            E'\x1f', g.gap, g.first_day, g.last_day, g.days, g.source, coalesce(a.key, ''), coalesce(k.key, ''),
            coalesce(k.category, '')),
        E'\x1e' ORDER BY g.place) AS gaps
FROM meterbook.invoice_gap AS g
LEFT JOIN meterbook.account AS a USING (account_id)
LEFT JOIN meterbook.channel AS k USING (channel_id)
GROUP BY g.customer_id, g.subscription_id, g.period_ends, g.kind;
COMMENT ON VIEW meterbook.invoice_gap_text IS
    'One row an invoice that lacks something: its gaps as one text, which comes with the row of the invoice.';
COMMENT ON COLUMN meterbook.invoice_gap_text.customer_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_gap_text.subscription_id IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_gap_text.period_ends IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_gap_text.kind IS 'The invoice.';
COMMENT ON COLUMN meterbook.invoice_gap_text.gaps IS
    'Gaps in their order, with U+001E between them; of each its fields with U+001F between them, which no name can hold.';

CREATE VIEW reporting.invoice_gap AS
SELECT c.key AS customer, s.key AS subscription, g.kind::text AS kind, g.period_ends, g.place, g.gap, g.source,
    a.key AS account, k.key AS channel, nullif(k.category, '') AS category, g.first_day, g.last_day, g.days
FROM meterbook.invoice_gap AS g
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
LEFT JOIN meterbook.account AS a USING (account_id)
LEFT JOIN meterbook.channel AS k USING (channel_id);
COMMENT ON VIEW reporting.invoice_gap IS
    'One row an invoice and a gap: what a source or a channel had not delivered of its period when it was written.';
COMMENT ON COLUMN reporting.invoice_gap.customer IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.invoice_gap.subscription IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN reporting.invoice_gap.kind IS 'The kind of the invoice: period.';
COMMENT ON COLUMN reporting.invoice_gap.period_ends IS 'The first day after the period, by which the invoice is named.';
COMMENT ON COLUMN reporting.invoice_gap.place IS 'Its place among those of the invoice, from 1.';
COMMENT ON COLUMN reporting.invoice_gap.gap IS
    'missing_day: nothing came; shrunk_day: far less than is usual; unread_source: the source was not read since; '
    'missing_channel: nothing came of the channel.';
COMMENT ON COLUMN reporting.invoice_gap.source IS 'The name of the source.';
COMMENT ON COLUMN reporting.invoice_gap.account IS 'missing_channel: the account''s key; else NULL.';
COMMENT ON COLUMN reporting.invoice_gap.channel IS 'missing_channel: the channel''s key; else NULL.';
COMMENT ON COLUMN reporting.invoice_gap.category IS 'The category of the channel; NULL for none.';
COMMENT ON COLUMN reporting.invoice_gap.first_day IS 'The first of the days in the period.';
COMMENT ON COLUMN reporting.invoice_gap.last_day IS 'The last of them.';
COMMENT ON COLUMN reporting.invoice_gap.days IS 'How many they are.';

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
    coalesce(b.run_id, h.settled_run) AS run_id, f.run_id AS finalized_run_id, f.issue,
    EXISTS (
        SELECT FROM meterbook.invoice_gap AS g
        WHERE g.customer_id = i.customer_id AND g.subscription_id = i.subscription_id AND g.period_ends = i.period_ends
            AND g.kind = i.kind
    ) AS lacks_days
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
COMMENT ON COLUMN reporting.invoice.lacks_days IS
    'Whether it was written although a source or channel had not delivered days of its period: reporting.invoice_gap has them.';

GRANT SELECT, INSERT ON meterbook.invoice_gap TO meterbook_billing;
GRANT SELECT ON meterbook.invoice_gap TO meterbook_auditor;
GRANT SELECT ON meterbook.invoice_gap_text TO meterbook_billing, meterbook_auditor;
GRANT SELECT ON reporting.invoice_gap TO meterbook_reporting, meterbook_auditor;
