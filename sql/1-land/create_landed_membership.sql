-- grain:  the temporary table of memberships; the session's own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_membership (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, row_text text NOT NULL,
    account_key text NOT NULL, subscription_key text NOT NULL, starts date, ends date,
    customer_id bigint, subscription_id bigint, account_id bigint, verdict text, field text, found text);
CREATE INDEX IF NOT EXISTS landed_membership_by_account ON landed_membership (account_id, starts);
