-- grain:  the session's landed totals
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_total
