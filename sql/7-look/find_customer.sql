-- grain:  at most one customer
-- params: $1 key
-- locks:  none
SELECT c.customer_id, c.key, c.name, a.email
FROM meterbook.customer AS c
LEFT JOIN meterbook.customer_contact AS a ON a.customer_id = c.customer_id
WHERE c.key = $1
