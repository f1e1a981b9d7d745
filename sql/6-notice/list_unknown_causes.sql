-- grain:  one row a cause that no notice has, by its place in the lists, from 1
-- params: $1 customers, $2 subscriptions, $3 kinds, $4 topics, $5 starts of periods, $6 thresholds
-- locks:  none
SELECT n.position
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::date[], $6::integer[])
    WITH ORDINALITY AS n (customer_id, subscription_id, kind, topic, period_starts, threshold, position)
WHERE NOT EXISTS (
    SELECT FROM meterbook.notice AS o
    WHERE o.customer_id = n.customer_id AND o.subscription_id = n.subscription_id AND o.kind = n.kind
        AND o.topic = n.topic AND o.period_starts = n.period_starts AND o.threshold = n.threshold)
ORDER BY n.position
