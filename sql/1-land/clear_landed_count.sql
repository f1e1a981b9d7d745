-- grain:  the session's landed counts
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_count
