-- grain:  the temporary table of totals; the session's own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_total (
    customer_id bigint NOT NULL, subscription_id bigint NOT NULL, meter_id integer NOT NULL, start date NOT NULL,
    ends date NOT NULL, quantity bigint NOT NULL);
