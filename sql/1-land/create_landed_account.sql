-- grain:  the temporary table of accounts; the session's own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_account (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, row_text text NOT NULL,
    key text NOT NULL, name text NOT NULL, verdict text, field text, found text);
