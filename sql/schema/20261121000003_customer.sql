-- migrate:up

CREATE TABLE meterbook.customer (
    customer_id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    name text NOT NULL,
    CONSTRAINT customer_pk PRIMARY KEY (customer_id),
    CONSTRAINT customer_key_unique UNIQUE (key),
    CONSTRAINT customer_key_length CHECK (octet_length(key) BETWEEN 1 AND 200)
);
COMMENT ON TABLE meterbook.customer IS 'Who is invoiced.';
COMMENT ON COLUMN meterbook.customer.customer_id IS 'The store''s number; leads every table that holds a customer''s data.';
COMMENT ON COLUMN meterbook.customer.key IS 'The customer''s key in the vendor''s own systems.';
COMMENT ON COLUMN meterbook.customer.name IS 'The name on the invoice.';

CREATE TABLE meterbook.subscription (
    customer_id bigint NOT NULL,
    subscription_id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    plan_id integer NOT NULL,
    anchor date NOT NULL,
    signed_up date NOT NULL,
    starts date NOT NULL,
    ends date,
    pays_every text NOT NULL,
    currency text NOT NULL,
    time_zone text NOT NULL,
    contract text,
    coupon text,
    coupon_from date,
    CONSTRAINT subscription_coupon_has_day CHECK ((coupon IS NULL) = (coupon_from IS NULL)),
    CONSTRAINT subscription_pk PRIMARY KEY (customer_id, subscription_id),
    CONSTRAINT subscription_key_unique UNIQUE (key),
    CONSTRAINT subscription_key_length CHECK (octet_length(key) BETWEEN 1 AND 200),
    CONSTRAINT subscription_customer_fk FOREIGN KEY (customer_id) REFERENCES meterbook.customer (customer_id),
    CONSTRAINT subscription_plan_fk FOREIGN KEY (plan_id) REFERENCES meterbook.plan (plan_id),
    -- An end before the start is that of who left within his trial.
    CONSTRAINT subscription_ends_after_start CHECK (ends > least(starts, signed_up)),
    CONSTRAINT subscription_currency_is_code CHECK (currency ~ '^[A-Z]{3}$')
);
COMMENT ON TABLE meterbook.subscription IS 'What a customer holds.';
COMMENT ON COLUMN meterbook.subscription.customer_id IS 'Who holds it.';
COMMENT ON COLUMN meterbook.subscription.subscription_id IS 'The store''s number.';
COMMENT ON COLUMN meterbook.subscription.key IS 'The subscription''s key in the vendor''s own systems.';
COMMENT ON COLUMN meterbook.subscription.plan_id IS 'The plan.';
COMMENT ON COLUMN meterbook.subscription.anchor IS 'The date from which all its boundaries are computed.';
COMMENT ON COLUMN meterbook.subscription.signed_up IS 'The date that decides its cohort.';
COMMENT ON COLUMN meterbook.subscription.starts IS 
    'The first day that Meterbook bills: its first period begins here and ends at the next boundary.';
COMMENT ON COLUMN meterbook.subscription.ends IS 'No period begins on or after this day; NULL while it goes on.';
COMMENT ON COLUMN meterbook.subscription.pays_every IS 'How often flat prices are paid: month, year, 2 months …';
COMMENT ON COLUMN meterbook.subscription.currency IS 'ISO 4217 code of its invoices.';
COMMENT ON COLUMN meterbook.subscription.time_zone IS 
    'The zone whose days are counted, by its IANA name, from the beginning until the first row of subscription_zone.';
COMMENT ON COLUMN meterbook.subscription.contract IS
    'The contract whose versions of the plan go before the others; NULL for none.';
COMMENT ON COLUMN meterbook.subscription.coupon IS 'The coupon that it holds; NULL for none.';
COMMENT ON COLUMN meterbook.subscription.coupon_from IS 'The day on which the coupon was taken.';

CREATE TABLE meterbook.subscription_zone (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    from_day date NOT NULL,
    time_zone text NOT NULL,
    CONSTRAINT subscription_zone_pk PRIMARY KEY (customer_id, subscription_id, from_day),
    CONSTRAINT subscription_zone_subscription_fk FOREIGN KEY (customer_id, subscription_id)
        REFERENCES meterbook.subscription (customer_id, subscription_id)
);
COMMENT ON TABLE meterbook.subscription_zone IS
    'Subscriptions whose customer has moved to another time zone: from which day which zone counts.';
COMMENT ON COLUMN meterbook.subscription_zone.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.subscription_zone.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.subscription_zone.from_day IS 'The first day that is counted in the zone.';
COMMENT ON COLUMN meterbook.subscription_zone.time_zone IS 'The zone, by its IANA name.';

CREATE FUNCTION meterbook.day_start(day date, zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    midnight timestamp := day;
    guess timestamptz := midnight AT TIME ZONE zone;
    utc timestamptz := midnight AT TIME ZONE 'UTC';
    found timestamptz;
BEGIN
    -- On most days midnight exists once. No clock is set back by more than a day, so where the 25 hours before it have no
    -- change of the clock, it is no second midnight either.
    IF guess AT TIME ZONE zone = midnight
        AND (guess - interval '25 hours') AT TIME ZONE zone = midnight - interval '25 hours'
    THEN
        RETURN guess;
    END IF;
    -- Otherwise by looking: zones are at most 16 hours away from UTC, and a day that is left out delays the next by 24.
    SELECT min(t) INTO found
    FROM generate_series(utc - interval '17 hours', utc + interval '41 hours', interval '15 minutes') AS t
    WHERE (t AT TIME ZONE zone)::date >= day;
    SELECT min(t) INTO found
    FROM generate_series(found - interval '14 minutes', found, interval '1 minute') AS t
    WHERE (t AT TIME ZONE zone)::date >= day;
    SELECT min(t) INTO found
    FROM generate_series(found - interval '59 seconds', found, interval '1 second') AS t
    WHERE (t AT TIME ZONE zone)::date >= day;
    RETURN found;
END
$$;
COMMENT ON FUNCTION meterbook.day_start IS
    'The first instant of a local day in a zone: the first whose local date is that day, also where midnight is left out '
    'or comes twice; where the whole day is left out, the start of the next one.';

CREATE FUNCTION meterbook.subscription_day_start(customer bigint, subscription bigint, day date) RETURNS timestamptz
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$
    -- With a zone further east a day could begin before the one before it. It begins no earlier than the last day of
    -- every zone that counted before, so the starts of days never run backwards.
    SELECT max(meterbook.day_start(least(segment.until_day - 1, day), segment.time_zone))
    FROM (
        SELECT z.from_day, z.time_zone, lead(z.from_day) OVER (ORDER BY z.from_day) AS until_day
        FROM (
            SELECT date '-infinity' AS from_day, s.time_zone FROM meterbook.subscription AS s
            WHERE s.customer_id = customer AND s.subscription_id = subscription
            UNION ALL
            SELECT c.from_day, c.time_zone FROM meterbook.subscription_zone AS c
            WHERE c.customer_id = customer AND c.subscription_id = subscription
        ) AS z
    ) AS segment
    WHERE segment.from_day <= day
$$;
COMMENT ON FUNCTION meterbook.subscription_day_start IS
    'The first instant of a day of a subscription, in the zone that counts on that day; ascending from day to day, also '
    'where the zone changes. A day that its new zone leaves behind the old one may be empty.';

CREATE TABLE meterbook.account (
    account_id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    name text NOT NULL,
    CONSTRAINT account_pk PRIMARY KEY (account_id),
    CONSTRAINT account_key_unique UNIQUE (key),
    CONSTRAINT account_key_length CHECK (octet_length(key) BETWEEN 1 AND 200)
);
COMMENT ON TABLE meterbook.account IS 'Whose use is metered.';
COMMENT ON COLUMN meterbook.account.account_id IS 'The store''s number.';
COMMENT ON COLUMN meterbook.account.key IS 'The account''s key in the vendor''s own systems.';
COMMENT ON COLUMN meterbook.account.name IS 'What people call it.';

CREATE TABLE meterbook.membership (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    account_id bigint NOT NULL,
    starts date NOT NULL,
    ends date,
    CONSTRAINT membership_pk PRIMARY KEY (account_id, starts),
    CONSTRAINT membership_account_fk FOREIGN KEY (account_id) REFERENCES meterbook.account (account_id),
    CONSTRAINT membership_subscription_fk FOREIGN KEY (customer_id, subscription_id)
        REFERENCES meterbook.subscription (customer_id, subscription_id),
    CONSTRAINT membership_ends_after_start CHECK (ends > starts),
    -- One account as the range that holds it alone: GiST compares ranges without an extension.
    CONSTRAINT membership_one_subscription_a_day EXCLUDE USING gist (
        int8range(account_id, account_id, '[]') WITH &&, daterange(starts, ends) WITH &&)
);
COMMENT ON TABLE meterbook.membership IS
    'Which subscription an account''s use counts for, day by day: at most one at a time.';
COMMENT ON COLUMN meterbook.membership.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.membership.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.membership.account_id IS 'The account.';
COMMENT ON COLUMN meterbook.membership.starts IS 'The first day that counts.';
COMMENT ON COLUMN meterbook.membership.ends IS 'The first day that no longer counts; NULL while it is linked.';
CREATE INDEX membership_by_subscription ON meterbook.membership (customer_id, subscription_id);
COMMENT ON INDEX meterbook.membership_by_subscription IS 'The accounts of a subscription, for usage and explain.';
