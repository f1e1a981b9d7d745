-- grain:  one customer
-- params: $1 customer
-- locks:  row lock on it
UPDATE meterbook.customer SET name = key WHERE customer_id = $1 AND name <> key
