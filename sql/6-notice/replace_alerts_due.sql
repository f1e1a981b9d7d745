-- grain:  subscriptions of a batch
-- params: $1 and $2 the last customer and subscription before it, $3 and $4 its last ones, then those to look at again: $5 customers, $6 subscriptions
-- locks:  row locks on them
WITH done AS (
    DELETE FROM meterbook.alert_due AS d
    WHERE (d.customer_id, d.subscription_id) > ($1, $2) AND (d.customer_id, d.subscription_id) <= ($3, $4)
        AND NOT EXISTS (
            SELECT FROM unnest($5::bigint[], $6::bigint[]) AS n (customer_id, subscription_id)
            WHERE n.customer_id = d.customer_id AND n.subscription_id = d.subscription_id)
)
INSERT INTO meterbook.alert_due (customer_id, subscription_id)
SELECT n.customer_id, n.subscription_id FROM unnest($5::bigint[], $6::bigint[]) AS n (customer_id, subscription_id)
ORDER BY n.customer_id, n.subscription_id
ON CONFLICT (customer_id, subscription_id) DO NOTHING
