-- grain:  one row an account, channel, meter of a subscription
-- params: $1 customer, $2 subscription, $3 first day, $4 first day after
-- locks:  none
SELECT a.key AS account, ch.key AS channel, r.meter_id, sum(r.quantity)::bigint AS quantity, max(r.day) AS last_day
FROM meterbook.membership AS m
JOIN meterbook.reading AS r
    ON r.customer_id = m.customer_id AND r.account_id = m.account_id
    AND r.day >= m.starts AND (m.ends IS NULL OR r.day < m.ends)
JOIN meterbook.account AS a ON a.account_id = m.account_id
JOIN meterbook.channel AS ch ON ch.channel_id = r.channel_id
WHERE m.customer_id = $1 AND m.subscription_id = $2 AND r.day >= $3 AND r.day < $4
GROUP BY a.key, ch.key, r.meter_id
ORDER BY r.meter_id, a.key COLLATE "C", ch.key COLLATE "C"
