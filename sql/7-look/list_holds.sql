-- grain:  one row a held subscription
-- params: $1 most rows
-- locks:  none
SELECT s.key AS subscription, h.period_ends, h.reason, h.detail, h.run_id
FROM meterbook.hold AS h JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
ORDER BY s.key COLLATE "C" LIMIT $1
