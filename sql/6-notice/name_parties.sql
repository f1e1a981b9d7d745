-- grain:  one row a subscription, in the order of the lists: its key and its customer's name
-- params: $1 customers, $2 subscriptions
-- locks:  none
SELECT s.key, u.name
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS n (customer_id, subscription_id, position)
JOIN meterbook.subscription AS s ON s.customer_id = n.customer_id AND s.subscription_id = n.subscription_id
JOIN meterbook.customer AS u ON u.customer_id = s.customer_id
ORDER BY n.position
