-- grain:  the session's landed reading rows
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_reading
