-- grain:  the session's changed slices
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_change
