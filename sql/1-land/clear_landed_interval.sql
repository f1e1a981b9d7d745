-- grain:  the session's landed interval rows
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_interval
