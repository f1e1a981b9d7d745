-- grain:  one row an account and customer for whom it has ever counted
-- params: $1 accounts
-- locks:  none
SELECT DISTINCT account_id, customer_id FROM meterbook.membership WHERE account_id = ANY ($1::bigint[])
