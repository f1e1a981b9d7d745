-- grain:  subscriptions of a batch that have ended
-- params: $1 customers, $2 subscriptions
-- locks:  row locks on them
DELETE FROM meterbook.open_period AS o
USING unnest($1::bigint[], $2::bigint[]) AS n (customer_id, subscription_id)
WHERE o.customer_id = n.customer_id AND o.subscription_id = n.subscription_id
