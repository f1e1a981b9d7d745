-- grain:  landed subscription rows of customers that nobody knows
-- params: none
-- locks:  reads customer
UPDATE landed_subscription AS l
SET verdict = 'unknown_customer', field = 'customer', found = l.customer_key
WHERE l.verdict IS NULL AND NOT EXISTS (SELECT FROM meterbook.customer AS c WHERE c.key = l.customer_key)
