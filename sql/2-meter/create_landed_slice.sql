-- grain:  the temporary table of slices that a cut divides; the session's own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_slice (
    customer_id bigint NOT NULL, subscription_id bigint NOT NULL, start date NOT NULL, until date NOT NULL);
