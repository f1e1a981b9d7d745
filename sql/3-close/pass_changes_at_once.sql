-- grain:  subscriptions of a batch whose paid period has passed a change in its midst
-- params: $1 customers, $2 subscriptions, $3 first days of the paid period that comes next, or NULL after the end
-- locks:  row locks on the changes
UPDATE meterbook.plan_change AS c SET in_open_period = false
FROM unnest($1::bigint[], $2::bigint[], $3::date[]) AS n (customer_id, subscription_id, starts)
WHERE c.customer_id = n.customer_id AND c.subscription_id = n.subscription_id AND c.in_open_period
    AND (n.starts IS NULL OR c.takes_effect < n.starts)
