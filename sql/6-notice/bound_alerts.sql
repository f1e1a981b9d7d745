-- grain:  one row
-- params: $1 and $2 the last customer and subscription done, $3 most subscriptions
-- locks:  none
SELECT min(customer_id) AS first_customer, max(ARRAY[customer_id, subscription_id]) AS last,
    min(counts_from) AS first_day
FROM (
    SELECT l.customer_id, l.subscription_id, o.counts_from
    FROM landed_alert AS l
    JOIN meterbook.open_period AS o ON o.customer_id = l.customer_id AND o.subscription_id = l.subscription_id
    WHERE (l.customer_id, l.subscription_id) > ($1, $2)
    ORDER BY l.customer_id, l.subscription_id
    LIMIT $3
) AS batch
