-- grain:  one row
-- params: $1 as-of date, $2 plans, $3 month
-- locks:  none
-- In a month in which nobody has been decided on count_subject says the same sooner.
SELECT count(*) AS subscriptions, min(s.customer_id) AS first_customer, max(s.customer_id) AS last_customer
FROM meterbook.subscription AS s
WHERE s.plan_id = ANY ($2::integer[]) AND s.starts <= $1 AND (s.ends IS NULL OR s.ends > $1)
    AND NOT EXISTS (
        SELECT FROM meterbook.plan_decision AS d
        WHERE d.customer_id = s.customer_id AND d.subscription_id = s.subscription_id AND d.month = $3)
    AND NOT EXISTS (
        SELECT FROM (
            SELECT unnest(b.customer_ids) AS customer_id, unnest(b.subscription_ids) AS subscription_id
            FROM meterbook.decision_block AS b WHERE b.month = $3
        ) AS q
        WHERE q.customer_id = s.customer_id AND q.subscription_id = s.subscription_id)
