-- grain:  one row
-- params: $1 as-of date
-- locks:  none: one scan of open_period
SELECT count(*) AS subscriptions, min(customer_id) AS first_customer, max(customer_id) AS last_customer,
    min(ends) AS first_end, min(starts) AS first_start
FROM meterbook.open_period WHERE ends <= $1
