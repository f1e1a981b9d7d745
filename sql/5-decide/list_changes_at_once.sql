-- grain:  pending changes in the midst of a paid period whose day has come, in order
-- params: $1 as-of date, $2 customer or NULL for all, $3 subscription or NULL
-- locks:  none
SELECT c.customer_id, c.subscription_id, c.change_id, s.key, c.takes_effect, s.currency
FROM meterbook.plan_change AS c
JOIN meterbook.subscription AS s ON s.customer_id = c.customer_id AND s.subscription_id = c.subscription_id
WHERE c.status = 'announced' AND c.is_at_once AND c.takes_effect <= $1
    AND ($2::bigint IS NULL OR c.customer_id = $2) AND ($3::bigint IS NULL OR c.subscription_id = $3)
ORDER BY c.customer_id, c.subscription_id
