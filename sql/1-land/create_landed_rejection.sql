-- grain:  the temporary table of rejected rows; the session's own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_rejection (
    file text NOT NULL, line bigint NOT NULL, reason text NOT NULL, column_number integer NOT NULL, field text NOT NULL,
    found text NOT NULL, expected text NOT NULL, row_text text NOT NULL);
