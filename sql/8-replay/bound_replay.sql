-- grain:  one row
-- params: $1 and $2 the last customer and subscription done, $3 last customer of the range, $4 most subscriptions, $5 the only subscription or NULL for all
-- locks:  none
SELECT count(*) AS subscriptions, min(customer_id) AS first_customer, max(ARRAY[customer_id, subscription_id]) AS last
FROM (
    SELECT customer_id, subscription_id FROM meterbook.subscription
    WHERE (customer_id, subscription_id) > ($1, $2) AND customer_id <= $3
        AND ($5::bigint IS NULL OR subscription_id = $5)
    ORDER BY customer_id, subscription_id
    LIMIT $4
) AS batch
