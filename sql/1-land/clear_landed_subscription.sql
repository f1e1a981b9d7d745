-- grain:  the session's landed subscription rows
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_subscription
