-- grain:  one row a subscription and month with more than one decision
-- params: $1 most rows
-- locks:  none
-- The key of plan_decision does not see into the blocks.
SELECT s.key || ' in ' || to_char(d.month, 'YYYY-MM') AS subject, d.decisions || ' decisions' AS detail
FROM (
    SELECT customer_id, subscription_id, month, count(*) AS decisions
    FROM (
        SELECT customer_id, subscription_id, month FROM meterbook.plan_decision
        UNION ALL
        SELECT unnest(customer_ids), unnest(subscription_ids), month FROM meterbook.decision_block
    ) AS every
    GROUP BY customer_id, subscription_id, month
    HAVING count(*) > 1
) AS d
JOIN meterbook.subscription AS s ON s.customer_id = d.customer_id AND s.subscription_id = d.subscription_id
ORDER BY d.month, d.customer_id, d.subscription_id
LIMIT $1
