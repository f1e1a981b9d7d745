-- grain:  the temporary table of counts; the session's own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_count (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, counted_at timestamptz NOT NULL,
    day date NOT NULL, customer_id bigint NOT NULL, subscription_id bigint NOT NULL, account_id bigint NOT NULL,
    channel_id integer NOT NULL, meter_id integer NOT NULL, slice_start date, quantity bigint NOT NULL,
    verdict text, found text);
