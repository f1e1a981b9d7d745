-- grain:  one row
-- params: $1 accounts, $2 meters
-- locks:  none
SELECT min(month) AS month FROM meterbook.month_reading WHERE account_id = ANY ($1::bigint[]) AND meter_id = ANY ($2::integer[])
