-- grain:  the session's landed customer rows
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_customer
