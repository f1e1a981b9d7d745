-- grain:  one row
-- params: $1 as-of date, $2 plans
-- locks:  none
-- With nothing to leave out it is a scan that PostgreSQL shares among its workers.
SELECT count(*) AS subscriptions, min(customer_id) AS first_customer, max(customer_id) AS last_customer
FROM meterbook.subscription
WHERE plan_id = ANY ($2::integer[]) AND starts <= $1 AND (ends IS NULL OR ends > $1)
