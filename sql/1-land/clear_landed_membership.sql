-- grain:  the session's landed membership rows
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_membership
