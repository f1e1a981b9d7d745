-- grain:  the session's landed versions of billing details
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_detail
