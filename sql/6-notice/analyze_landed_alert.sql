-- grain:  the session's subscriptions to look at
-- params: none
-- locks:  the temporary table alone
ANALYZE landed_alert
