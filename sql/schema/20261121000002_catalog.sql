-- migrate:up

CREATE TABLE meterbook.catalog (
    catalog_id integer GENERATED ALWAYS AS IDENTITY,
    sha256 text NOT NULL,
    name text NOT NULL,
    currency text NOT NULL,
    document text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT catalog_pk PRIMARY KEY (catalog_id),
    CONSTRAINT catalog_sha256_unique UNIQUE (sha256),
    CONSTRAINT catalog_sha256_is_hex CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT catalog_sha256_matches CHECK (sha256 = encode(sha256(convert_to(document, 'UTF8')), 'hex')),
    CONSTRAINT catalog_currency_is_code CHECK (currency ~ '^[A-Z]{3}$')
);
COMMENT ON TABLE meterbook.catalog IS
    'Every catalog that was ever applied, never changed: a closed period names the one that it was rated with.';
COMMENT ON COLUMN meterbook.catalog.catalog_id IS 'The store''s number of the catalog.';
COMMENT ON COLUMN meterbook.catalog.sha256 IS 'SHA-256 of the document: what makes a version the same or another.';
COMMENT ON COLUMN meterbook.catalog.name IS 'The vendor''s short name, from the document.';
COMMENT ON COLUMN meterbook.catalog.currency IS 'ISO 4217 code of all its prices.';
COMMENT ON COLUMN meterbook.catalog.document IS 'The YAML text as it was applied.';
COMMENT ON COLUMN meterbook.catalog.applied_at IS 'When it was first applied, by the server''s clock.';

CREATE TABLE meterbook.catalog_current (
    only_row boolean NOT NULL DEFAULT true,
    catalog_id integer NOT NULL,
    CONSTRAINT catalog_current_pk PRIMARY KEY (only_row),
    CONSTRAINT catalog_current_one_row CHECK (only_row),
    CONSTRAINT catalog_current_catalog_fk FOREIGN KEY (catalog_id) REFERENCES meterbook.catalog (catalog_id)
);
COMMENT ON TABLE meterbook.catalog_current IS 'Which catalog the next close rates with: the one applied last.';
COMMENT ON COLUMN meterbook.catalog_current.only_row IS 'Always true: the table has one row at most.';
COMMENT ON COLUMN meterbook.catalog_current.catalog_id IS 'The catalog in use.';

CREATE TABLE meterbook.meter (
    meter_id integer GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    is_running boolean NOT NULL,
    carries_levels boolean NOT NULL,
    CONSTRAINT meter_pk PRIMARY KEY (meter_id),
    CONSTRAINT meter_key_unique UNIQUE (key)
);
COMMENT ON TABLE meterbook.meter IS
    'The meters that any catalog has named, and the keys under which sources deliver what they count.';
COMMENT ON COLUMN meterbook.meter.meter_id IS 'The store''s number of the meter.';
COMMENT ON COLUMN meterbook.meter.key IS 'Its key in the catalogs.';
COMMENT ON COLUMN meterbook.meter.is_running IS
    'Whether the pulls keep its totals, slice by slice; if not, the meter step writes one total for each billing period.';
COMMENT ON COLUMN meterbook.meter.carries_levels IS
    'Whether some meter lets its readings hold until the next one, so that month_reading must tell where the last one is.';

CREATE TABLE meterbook.plan (
    plan_id integer GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    CONSTRAINT plan_pk PRIMARY KEY (plan_id),
    CONSTRAINT plan_key_unique UNIQUE (key)
);
COMMENT ON TABLE meterbook.plan IS 'The plans that any catalog has named.';
COMMENT ON COLUMN meterbook.plan.plan_id IS 'The store''s number of the plan.';
COMMENT ON COLUMN meterbook.plan.key IS 'Its key in the catalogs.';

CREATE TABLE meterbook.price (
    price_id integer GENERATED ALWAYS AS IDENTITY,
    catalog_id integer NOT NULL,
    ordinal integer NOT NULL,
    plan_id integer NOT NULL,
    version_from date NOT NULL,
    signed_up_from date,
    signed_up_before date,
    key text NOT NULL,
    name text NOT NULL,
    meter_id integer,
    leads_meter boolean NOT NULL,
    CONSTRAINT price_pk PRIMARY KEY (price_id),
    CONSTRAINT price_ordinal_unique UNIQUE (catalog_id, ordinal),
    CONSTRAINT price_catalog_fk FOREIGN KEY (catalog_id) REFERENCES meterbook.catalog (catalog_id),
    CONSTRAINT price_plan_fk FOREIGN KEY (plan_id) REFERENCES meterbook.plan (plan_id),
    CONSTRAINT price_meter_fk FOREIGN KEY (meter_id) REFERENCES meterbook.meter (meter_id),
    CONSTRAINT price_leads_a_meter CHECK (meter_id IS NOT NULL OR NOT leads_meter)
);
COMMENT ON TABLE meterbook.price IS 'Every price of every catalog: what an invoice line was computed with.';
COMMENT ON COLUMN meterbook.price.price_id IS 'The store''s number of the price.';
COMMENT ON COLUMN meterbook.price.catalog_id IS 'The catalog that it stands in.';
COMMENT ON COLUMN meterbook.price.ordinal IS 'Its place in the catalog: plan by plan, version by version, from 0.';
COMMENT ON COLUMN meterbook.price.plan_id IS 'The plan.';
COMMENT ON COLUMN meterbook.price.version_from IS 'The first day on which its plan version holds.';
COMMENT ON COLUMN meterbook.price.signed_up_from IS 'The version''s cohort: signed up on or after; NULL for no bound.';
COMMENT ON COLUMN meterbook.price.signed_up_before IS 'The version''s cohort: signed up before; NULL for no bound.';
COMMENT ON COLUMN meterbook.price.key IS 'Its key in the plan version.';
COMMENT ON COLUMN meterbook.price.name IS 'What the invoice line says.';
COMMENT ON COLUMN meterbook.price.meter_id IS 'What it meters; NULL for a flat price.';
COMMENT ON COLUMN meterbook.price.leads_meter IS
'Whether it is the first price on its meter in its plan version: its lines tell where the usage went, which others may charge too.';

CREATE TABLE meterbook.total_cut (
    day date NOT NULL,
    CONSTRAINT total_cut_pk PRIMARY KEY (day)
);
COMMENT ON TABLE meterbook.total_cut IS
    'Days on which some plan version takes effect: usage totals begin anew there, so that each part of a period can be '
    'rated with its own version. Days are only ever added.';
COMMENT ON COLUMN meterbook.total_cut.day IS 'The first day of the new total.';
