-- grain:  the mail address of one customer
-- params: $1 customer
-- locks:  row lock on it
DELETE FROM meterbook.customer_contact WHERE customer_id = $1
