-- grain:  the session's landed slice rows
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_slice
