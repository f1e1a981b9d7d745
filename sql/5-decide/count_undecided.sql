-- grain:  one row
-- params: $1 as-of date, $2 plans, $3 month
-- locks:  none
SELECT count(*) AS subscriptions, min(s.customer_id) AS first_customer, max(s.customer_id) AS last_customer
FROM meterbook.subscription AS s
WHERE s.plan_id = ANY ($2::integer[]) AND s.starts <= $1 AND (s.ends IS NULL OR s.ends > $1)
    AND NOT EXISTS (
        SELECT FROM meterbook.plan_decision AS d
        WHERE d.customer_id = s.customer_id AND d.subscription_id = s.subscription_id AND d.month = $3)
