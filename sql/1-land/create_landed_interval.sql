-- grain:  the temporary table of intervals; the session's own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_interval (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, row_text text NOT NULL,
    account_key text NOT NULL, channel_key text NOT NULL, meter_id integer NOT NULL, on_at timestamptz NOT NULL,
    on_is_local boolean NOT NULL, off_at timestamptz, off_is_local boolean NOT NULL, off_is_later boolean NOT NULL,
    category text NOT NULL, customer_id bigint, account_id bigint, verdict text, field text, found text);
