-- grain:  the session's landed account rows
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_account
