-- grain:  one row a subscription and total that a new cut divides
-- params: $1 the new cuts
-- locks:  none
SELECT DISTINCT s.customer_id, s.subscription_id, s.plan_id, s.anchor, s.starts, t.start
FROM unnest($1::date[]) AS cut (day)
JOIN meterbook.usage_total AS t ON t.start < cut.day AND t.start >= date_trunc('month', cut.day)::date
JOIN meterbook.meter AS m ON m.meter_id = t.meter_id AND m.is_running
JOIN meterbook.subscription AS s ON s.customer_id = t.customer_id AND s.subscription_id = t.subscription_id
ORDER BY s.customer_id, s.subscription_id, t.start
