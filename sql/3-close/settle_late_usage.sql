-- grain:  late usage of subscriptions that a batch has corrected
-- params: $1 customers, $2 subscriptions, $3 watermark
-- locks:  row locks on it
DELETE FROM meterbook.late_usage AS l
USING unnest($1::bigint[], $2::bigint[]) AS n (customer_id, subscription_id)
WHERE l.customer_id = n.customer_id AND l.subscription_id = n.subscription_id AND l.pull_id <= $3
