-- grain:  one row
-- params: $1 as-of date, $2 and $3 the last customer and subscription done, $4 last customer of the range, $5 most subscriptions, $6 plans, $7 month, $8 run
-- locks:  none
-- Whose plan was looked at this month has its decision. A run is 'running' for as long as nobody has taken over: see
-- bound_batch.
SELECT (SELECT r.status = 'running' FROM meterbook.run AS r WHERE r.run_id = $8) AS is_ours,
    array_agg(customer_id) AS customers, array_agg(subscription_id) AS subscribed
FROM (
    SELECT s.customer_id, s.subscription_id
    FROM meterbook.subscription AS s
    WHERE (s.customer_id, s.subscription_id) > ($2, $3) AND s.customer_id <= $4 AND s.plan_id = ANY ($6::integer[])
        AND s.starts <= $1 AND (s.ends IS NULL OR s.ends > $1)
        AND NOT EXISTS (
            SELECT FROM meterbook.plan_decision AS d
            WHERE d.customer_id = s.customer_id AND d.subscription_id = s.subscription_id AND d.month = $7
                AND d.customer_id >= $2 AND d.customer_id <= $4)
        AND NOT EXISTS (
            SELECT FROM (
                SELECT unnest(b.customer_ids) AS customer_id, unnest(b.subscription_ids) AS subscription_id
                FROM meterbook.decision_block AS b
                WHERE b.month = $7 AND b.first_customer_id <= $4
                    AND (b.last_customer_id, b.greatest_subscription_id) > ($2, $3)
            ) AS q
            WHERE q.customer_id = s.customer_id AND q.subscription_id = s.subscription_id)
    ORDER BY s.customer_id, s.subscription_id
    LIMIT $5
) AS batch
