-- grain:  one row an account
-- params: $1 accounts
-- locks:  none
SELECT account_id, key FROM meterbook.account WHERE account_id = ANY ($1::bigint[])
