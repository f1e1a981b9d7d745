-- grain:  the temporary tables of readings and of the slices that they change; the session's own
-- params: none
-- locks:  none
-- Apart from the other tables: where many readings come, several sessions have one each.
CREATE TEMPORARY TABLE IF NOT EXISTS landed_reading (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, day date NOT NULL,
    customer_id bigint NOT NULL, subscription_id bigint NOT NULL, account_id bigint NOT NULL,
    channel_id integer NOT NULL, meter_id integer NOT NULL, slice_start date, quantity bigint NOT NULL,
    verdict text);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_change (
    customer_id bigint NOT NULL, subscription_id bigint NOT NULL, meter_id integer NOT NULL, start date NOT NULL,
    quantity bigint NOT NULL);
