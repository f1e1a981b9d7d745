-- grain:  the session's subscriptions to look at
-- params: none
-- locks:  the temporary table alone
TRUNCATE landed_alert
