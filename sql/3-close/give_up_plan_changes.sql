-- grain:  pending changes of subscriptions that have ended or changed otherwise
-- params: $1 customers, $2 subscriptions, $3 as-of date, $4 run
-- locks:  row locks on them
UPDATE meterbook.plan_change AS c SET status = 'preempted', settled_on = $3, settled_run = $4
FROM unnest($1::bigint[], $2::bigint[]) AS n (customer_id, subscription_id)
WHERE c.customer_id = n.customer_id AND c.subscription_id = n.subscription_id AND c.status = 'announced'
