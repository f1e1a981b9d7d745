-- grain:  the mail address of one customer
-- params: $1 customer, $2 address
-- locks:  row lock on it
INSERT INTO meterbook.customer_contact AS a (customer_id, email) VALUES ($1, $2)
ON CONFLICT (customer_id) DO UPDATE SET email = excluded.email WHERE a.email <> excluded.email
