-- grain:  one row
-- params: none
-- locks:  none
SELECT min(customer_id) AS first_customer, max(customer_id) AS last_customer FROM meterbook.open_period
