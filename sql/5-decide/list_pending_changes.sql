-- grain:  pending change × slice of usage in the window of its decision, changes in order
-- params: $1 rule, $2 meters
-- locks:  none
-- Where the window ends follows from the anchor and the catalog of the decision, and not behind the day of it: slices that
-- begin between the two belong to none of what it counted.
SELECT c.customer_id, c.subscription_id, c.change_id, d.plan_id, c.plan_id AS target_plan_id, d.outcome, d.catalog_id,
    s.anchor, d.window_starts, cardinality(d.counted) AS counted, t.start, t.quantity
FROM meterbook.plan_change AS c
JOIN meterbook.plan_decision AS d
    ON d.customer_id = c.customer_id AND d.subscription_id = c.subscription_id AND d.month = c.month
JOIN meterbook.subscription AS s ON s.customer_id = c.customer_id AND s.subscription_id = c.subscription_id
LEFT JOIN meterbook.usage_total AS t
    ON t.customer_id = c.customer_id AND t.subscription_id = c.subscription_id AND t.meter_id = ANY ($2::integer[])
    AND t.start >= d.window_starts AND t.start < d.decided_on
WHERE c.status = 'announced' AND c.rule = $1
ORDER BY c.customer_id, c.subscription_id
