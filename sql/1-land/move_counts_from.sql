-- grain:  subscriptions whose first counted day has moved
-- params: $1 customers, $2 subscriptions, $3 first days
-- locks:  row locks on them
UPDATE meterbook.open_period AS o SET counts_from = n.counts_from
FROM unnest($1::bigint[], $2::bigint[], $3::date[]) AS n (customer_id, subscription_id, counts_from)
WHERE o.customer_id = n.customer_id AND o.subscription_id = n.subscription_id
