-- grain:  one row: the first slice of closed periods that has seen late usage, or NULL
-- params: $1 customer, $2 subscription
-- locks:  none
SELECT min(start) AS start FROM meterbook.late_usage WHERE customer_id = $1 AND subscription_id = $2
