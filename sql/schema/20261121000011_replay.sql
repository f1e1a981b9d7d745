-- migrate:up

ALTER TABLE meterbook.billing_period ADD COLUMN late_from date;
COMMENT ON COLUMN meterbook.billing_period.late_from IS
    'The first slice of earlier periods that had seen late usage when it was closed: what was billed from there on is '
    'corrected on the first invoice of that close. NULL where nothing was late.';

CREATE TABLE meterbook.subscription_superseded (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    superseded_by bigint NOT NULL,
    ends date,
    contract text,
    coupon text,
    coupon_from date,
    CONSTRAINT subscription_superseded_pk PRIMARY KEY (customer_id, subscription_id, superseded_by),
    CONSTRAINT subscription_superseded_subscription_fk FOREIGN KEY (customer_id, subscription_id)
        REFERENCES meterbook.subscription (customer_id, subscription_id),
    CONSTRAINT subscription_superseded_run_fk FOREIGN KEY (superseded_by) REFERENCES meterbook.run (run_id),
    CONSTRAINT subscription_superseded_coupon_has_day CHECK ((coupon IS NULL) = (coupon_from IS NULL))
);
COMMENT ON TABLE meterbook.subscription_superseded IS
    'Terms of subscriptions that a later run has changed: with the current ones they tell what held in any run, the row '
    'of the first run after it or, where there is none, the subscription itself. Plans and rhythms stand in plan_change.';
COMMENT ON COLUMN meterbook.subscription_superseded.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.subscription_superseded.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.subscription_superseded.superseded_by IS
    'The run that changed them: a pull of a source, or a command. What it closed, it closed with the new ones.';
COMMENT ON COLUMN meterbook.subscription_superseded.ends IS 'The end until then; NULL for none.';
COMMENT ON COLUMN meterbook.subscription_superseded.contract IS 'The contract until then; NULL for none.';
COMMENT ON COLUMN meterbook.subscription_superseded.coupon IS 'The coupon until then; NULL for none.';
COMMENT ON COLUMN meterbook.subscription_superseded.coupon_from IS 'The day on which that coupon was taken.';

ALTER TABLE meterbook.membership ADD COLUMN pull_id bigint;
COMMENT ON COLUMN meterbook.membership.pull_id IS
    'The pull that brought these values; NULL where that was not kept yet, which is before all that can be replayed.';

CREATE TABLE meterbook.membership_superseded (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    account_id bigint NOT NULL,
    starts date NOT NULL,
    ends date,
    pull_id bigint,
    superseded_by bigint NOT NULL,
    CONSTRAINT membership_superseded_pk
        PRIMARY KEY (customer_id, subscription_id, account_id, starts, superseded_by),
    CONSTRAINT membership_superseded_later CHECK (superseded_by > pull_id)
);
COMMENT ON TABLE meterbook.membership_superseded IS
    'Memberships that were corrected: with the current ones they tell what was known at any watermark.';
COMMENT ON COLUMN meterbook.membership_superseded.customer_id IS 'As in membership.';
COMMENT ON COLUMN meterbook.membership_superseded.subscription_id IS 'As in membership.';
COMMENT ON COLUMN meterbook.membership_superseded.account_id IS 'As in membership.';
COMMENT ON COLUMN meterbook.membership_superseded.starts IS 'As in membership.';
COMMENT ON COLUMN meterbook.membership_superseded.ends IS 'The end that no longer holds; NULL for none.';
COMMENT ON COLUMN meterbook.membership_superseded.pull_id IS 'The pull that had brought it; NULL as in membership.';
COMMENT ON COLUMN meterbook.membership_superseded.superseded_by IS 'The pull that corrected it.';

ALTER TABLE meterbook.subscription_zone ADD COLUMN pull_id bigint;
COMMENT ON COLUMN meterbook.subscription_zone.pull_id IS 'The pull that brought it; NULL as in membership.';

CREATE TABLE meterbook.subscription_zone_superseded (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    from_day date NOT NULL,
    time_zone text NOT NULL,
    pull_id bigint,
    superseded_by bigint NOT NULL,
    CONSTRAINT subscription_zone_superseded_pk PRIMARY KEY (customer_id, subscription_id, from_day, superseded_by),
    CONSTRAINT subscription_zone_superseded_later CHECK (superseded_by > pull_id)
);
COMMENT ON TABLE meterbook.subscription_zone_superseded IS
    'Time zones that were corrected: with the current ones they tell what was known at any watermark.';
COMMENT ON COLUMN meterbook.subscription_zone_superseded.customer_id IS 'As in subscription_zone.';
COMMENT ON COLUMN meterbook.subscription_zone_superseded.subscription_id IS 'As in subscription_zone.';
COMMENT ON COLUMN meterbook.subscription_zone_superseded.from_day IS 'As in subscription_zone.';
COMMENT ON COLUMN meterbook.subscription_zone_superseded.time_zone IS 'The zone that no longer holds.';
COMMENT ON COLUMN meterbook.subscription_zone_superseded.pull_id IS 'The pull that had brought it; NULL as in membership.';
COMMENT ON COLUMN meterbook.subscription_zone_superseded.superseded_by IS 'The pull that corrected it.';

CREATE FUNCTION meterbook.known_day_start(customer bigint, subscription bigint, day date, watermark bigint)
RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT max(meterbook.day_start(least(segment.until_day - 1, day), segment.time_zone))
    FROM (
        SELECT z.from_day, z.time_zone, lead(z.from_day) OVER (ORDER BY z.from_day) AS until_day
        FROM (
            SELECT date '-infinity' AS from_day, s.time_zone FROM meterbook.subscription AS s
            WHERE s.customer_id = customer AND s.subscription_id = subscription
            UNION ALL
            SELECT c.from_day, c.time_zone FROM meterbook.subscription_zone AS c
            WHERE c.customer_id = customer AND c.subscription_id = subscription
                AND (watermark IS NULL OR c.pull_id IS NULL OR c.pull_id <= watermark)
            UNION ALL
            SELECT o.from_day, o.time_zone FROM meterbook.subscription_zone_superseded AS o
            WHERE o.customer_id = customer AND o.subscription_id = subscription
                AND (o.pull_id IS NULL OR o.pull_id <= watermark) AND o.superseded_by > watermark
        ) AS z
    ) AS segment
    WHERE segment.from_day <= day
$$;
COMMENT ON FUNCTION meterbook.known_day_start IS
    'As subscription_day_start, in the zones that were known at a watermark; NULL is now.';

CREATE TABLE meterbook.replay_start (
    only_row boolean NOT NULL DEFAULT true,
    after_run bigint NOT NULL,
    CONSTRAINT replay_start_pk PRIMARY KEY (only_row),
    CONSTRAINT replay_start_one_row CHECK (only_row)
);
COMMENT ON TABLE meterbook.replay_start IS
    'From when on all is kept that invoices rest on. What earlier runs closed with may have been overwritten without a '
    'trace, so their invoices cannot be replayed.';
COMMENT ON COLUMN meterbook.replay_start.only_row IS 'Always true: the table has one row.';
COMMENT ON COLUMN meterbook.replay_start.after_run IS 'The last run of before; 0 where there was none.';
INSERT INTO meterbook.replay_start (after_run) SELECT coalesce(max(run_id), 0) FROM meterbook.run;
