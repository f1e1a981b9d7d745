-- grain:  one temporary table a kind of row; the sessions own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_rejection (
    file text NOT NULL, line bigint NOT NULL, reason text NOT NULL, column_number integer NOT NULL, field text NOT NULL,
    found text NOT NULL, expected text NOT NULL, row_text text NOT NULL);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_customer (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, row_text text NOT NULL,
    key text NOT NULL, name text NOT NULL, has_email boolean NOT NULL, email text, said integer NOT NULL,
    legal_name text, address text, postal_code text, city text, region text, country text, tax_number text,
    vat_country text, po_number text, language text, tax_exempt text, verdict text, field text, found text);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_detail (
    place bigint NOT NULL, key text NOT NULL, version integer NOT NULL, legal_name text, address text, postal_code text,
    city text, region text, country text, tax_number text, vat_country text, po_number text, email text, language text,
    tax_exempt text);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_account (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, row_text text NOT NULL,
    key text NOT NULL, name text NOT NULL, verdict text, field text, found text);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_subscription (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, row_text text NOT NULL,
    key text NOT NULL, customer_key text NOT NULL, plan_id integer NOT NULL, anchor date NOT NULL,
    signed_up date NOT NULL, starts date NOT NULL, ends date, pays_every text NOT NULL, currency text NOT NULL,
    time_zone text NOT NULL, time_zone_from date, period_number integer, period_ends date, counts_from date,
    anchor_is_plans boolean NOT NULL, start_is_plans boolean NOT NULL, contract text, coupon text, coupon_from date,
    said_plan_id integer NOT NULL, said_pays_every text NOT NULL, change_at text, verdict text, field text, found text);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_membership (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, row_text text NOT NULL,
    account_key text NOT NULL, subscription_key text NOT NULL, starts date, ends date,
    customer_id bigint, subscription_id bigint, account_id bigint, verdict text, field text, found text);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_count (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, counted_at timestamptz NOT NULL,
    day date NOT NULL, customer_id bigint NOT NULL, subscription_id bigint NOT NULL, account_id bigint NOT NULL,
    channel_id integer NOT NULL, meter_id integer NOT NULL, slice_start date, quantity bigint NOT NULL,
    verdict text, found text);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_interval (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, row_text text NOT NULL,
    account_key text NOT NULL, channel_key text NOT NULL, meter_id integer NOT NULL, on_at timestamptz NOT NULL,
    on_is_local boolean NOT NULL, off_at timestamptz, off_is_local boolean NOT NULL, off_is_later boolean NOT NULL,
    category text NOT NULL, customer_id bigint, account_id bigint, verdict text, field text, found text);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_total (
    customer_id bigint NOT NULL, subscription_id bigint NOT NULL, meter_id integer NOT NULL, start date NOT NULL,
    ends date NOT NULL, quantity bigint NOT NULL);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_slice (
    customer_id bigint NOT NULL, subscription_id bigint NOT NULL, start date NOT NULL, until date NOT NULL);
CREATE INDEX IF NOT EXISTS landed_membership_by_account ON landed_membership (account_id, starts);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_alert (
    customer_id bigint NOT NULL, subscription_id bigint NOT NULL, PRIMARY KEY (customer_id, subscription_id));
