-- grain:  landed readings: one an account, channel, meter and local day of which anything was counted
-- params: $1 meters whose readings hold until the next one
-- locks:  the temporary tables alone
-- What is counted adds up over the day. A level is what stood last: it holds until the next one, and that is another day's.
INSERT INTO landed_reading
    (place, file_number, line, day, customer_id, subscription_id, account_id, channel_id, meter_id, slice_start, quantity)
SELECT min(place), min(file_number), min(line), day, customer_id, subscription_id, account_id, channel_id, meter_id,
    slice_start, sum(quantity)::bigint
FROM landed_count
WHERE verdict IS NULL AND meter_id <> ALL ($1::integer[])
GROUP BY day, customer_id, subscription_id, account_id, channel_id, meter_id, slice_start
UNION ALL
SELECT place, file_number, line, day, customer_id, subscription_id, account_id, channel_id, meter_id, slice_start,
    quantity
FROM (
    SELECT DISTINCT ON (day, customer_id, account_id, channel_id, meter_id)
        place, file_number, line, day, customer_id, subscription_id, account_id, channel_id, meter_id, slice_start,
        quantity
    FROM landed_count
    WHERE verdict IS NULL AND meter_id = ANY ($1::integer[])
    ORDER BY day, customer_id, account_id, channel_id, meter_id, counted_at DESC
) AS level
