-- grain:  subscriptions of a batch that were held before and are closed now
-- params: $1 customers, $2 subscriptions
-- locks:  row locks on them
DELETE FROM meterbook.hold AS h
USING unnest($1::bigint[], $2::bigint[]) AS n (customer_id, subscription_id)
WHERE h.customer_id = n.customer_id AND h.subscription_id = n.subscription_id
