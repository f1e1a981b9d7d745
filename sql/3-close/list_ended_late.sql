-- grain:  one row a subscription that has ended, is closed to its end, and has late usage
-- params: none
-- locks:  none
SELECT s.customer_id, s.subscription_id, s.plan_id, s.anchor, s.signed_up, s.starts, b.number AS last_number
FROM (SELECT DISTINCT customer_id, subscription_id FROM meterbook.late_usage) AS l
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
CROSS JOIN LATERAL (
    SELECT max(b.number) AS number FROM meterbook.billing_period AS b
    WHERE b.customer_id = s.customer_id AND b.subscription_id = s.subscription_id
) AS b
WHERE b.number IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM meterbook.open_period AS o
        WHERE o.customer_id = s.customer_id AND o.subscription_id = s.subscription_id)
