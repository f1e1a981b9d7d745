-- grain:  one row
-- params: $1 and $2 the last customer and subscription done, $3 most subscriptions, $4 as-of date, $5 first day that counts for who has changed to another plan
-- locks:  none
SELECT min(customer_id) AS first_customer, max(ARRAY[customer_id, subscription_id]) AS last,
    min(counts_from) AS first_day
FROM (
    SELECT l.customer_id, l.subscription_id,
        CASE WHEN p.takes_effect IS NULL THEN o.counts_from ELSE least(o.counts_from, $5) END AS counts_from
    FROM landed_alert AS l
    JOIN meterbook.open_period AS o ON o.customer_id = l.customer_id AND o.subscription_id = l.subscription_id
    LEFT JOIN meterbook.plan_change AS p
        ON p.customer_id = l.customer_id AND p.subscription_id = l.subscription_id AND p.status = 'announced'
        AND p.takes_effect <= $4
    WHERE (l.customer_id, l.subscription_id) > ($1, $2)
    ORDER BY l.customer_id, l.subscription_id
    LIMIT $3
) AS batch
