-- grain:  months of channels that have readings of these meters
-- params: $1 meters
-- locks:  none but the new rows
INSERT INTO meterbook.month_reading (account_id, meter_id, channel_id, month, day, customer_id)
SELECT DISTINCT ON (r.account_id, r.meter_id, r.channel_id, month)
    r.account_id, r.meter_id, r.channel_id, date_trunc('month', r.day)::date AS month, r.day, r.customer_id
FROM meterbook.reading AS r
WHERE r.meter_id = ANY ($1::integer[])
ORDER BY r.account_id, r.meter_id, r.channel_id, month, r.day DESC
ON CONFLICT (account_id, meter_id, channel_id, month) DO NOTHING
