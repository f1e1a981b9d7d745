-- grain:  one row a slice total of one subscription
-- params: $1 customer, $2 subscription, $3 first day, $4 first day after
-- locks:  none
SELECT meter_id, start, quantity FROM meterbook.usage_total
WHERE customer_id = $1 AND subscription_id = $2 AND start >= $3 AND start < $4
