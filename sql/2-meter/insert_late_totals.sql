-- grain:  one row a total of a closed period, in the order of the parameters
-- params: $1 customers, $2 subscriptions, $3 meters, $4 starts, $5 watermark
-- locks:  none but the new rows and those that say the same
INSERT INTO meterbook.late_usage AS u (customer_id, subscription_id, meter_id, start, pull_id)
SELECT customer_id, subscription_id, meter_id, start, $5
FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::date[]) AS n (customer_id, subscription_id, meter_id, start)
ON CONFLICT (customer_id, subscription_id, meter_id, start) DO UPDATE SET pull_id = excluded.pull_id
