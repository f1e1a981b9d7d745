-- grain:  the session's landed rejection rows
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_rejection
