-- grain:  one row a total of a subscription that begins in the days before a day
-- params: $1 customer, $2 subscription, $3 first start, $4 first start after
-- locks:  none
SELECT DISTINCT t.start
FROM meterbook.usage_total AS t
JOIN meterbook.meter AS m ON m.meter_id = t.meter_id AND m.is_running
WHERE t.customer_id = $1 AND t.subscription_id = $2 AND t.start >= $3 AND t.start < $4
ORDER BY t.start
