-- grain:  at most one customer
-- params: $1 key
-- locks:  none
SELECT customer_id FROM meterbook.customer WHERE key = $1
