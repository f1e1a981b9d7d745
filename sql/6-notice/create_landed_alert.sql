-- grain:  the temporary table of subscriptions to look at; the session's own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_alert (
    customer_id bigint NOT NULL, subscription_id bigint NOT NULL, PRIMARY KEY (customer_id, subscription_id));
