-- grain:  pending changes
-- params: $1 customers, $2 subscriptions, $3 changes, $4 status, $5 as-of date, $6 run
-- locks:  row locks on them
UPDATE meterbook.plan_change AS c SET status = $4, settled_on = $5, settled_run = $6
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS n (customer_id, subscription_id, change_id)
WHERE c.customer_id = n.customer_id AND c.subscription_id = n.subscription_id AND c.change_id = n.change_id
    AND c.status = 'announced'
