-- grain:  the temporary table of subscriptions; the session's own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_subscription (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, row_text text NOT NULL,
    key text NOT NULL, customer_key text NOT NULL, plan_id integer NOT NULL, anchor date NOT NULL,
    signed_up date NOT NULL, starts date NOT NULL, ends date, pays_every text NOT NULL, currency text NOT NULL,
    time_zone text NOT NULL, time_zone_from date, period_number integer, period_ends date, counts_from date,
    anchor_is_plans boolean NOT NULL, start_is_plans boolean NOT NULL, contract text, coupon text, coupon_from date,
    said_plan_id integer NOT NULL, said_pays_every text NOT NULL, change_at text, verdict text, field text, found text);
