-- grain:  one row an account, channel and meter: its last reading before a month
-- params: $1 accounts, $2 the first of the month for each, $3 meters
-- locks:  none
SELECT r.account_id, r.channel_id, r.meter_id, r.day, r.quantity
FROM (
    SELECT DISTINCT ON (h.account_id, h.meter_id, h.channel_id)
        h.account_id, h.meter_id, h.channel_id, h.day, h.customer_id
    FROM unnest($1::bigint[], $2::date[]) AS a (account_id, month)
    JOIN meterbook.month_reading AS h
        ON h.account_id = a.account_id AND h.meter_id = ANY ($3::integer[]) AND h.month < a.month
    ORDER BY h.account_id, h.meter_id, h.channel_id, h.month DESC
) AS h
JOIN meterbook.reading AS r
    ON r.day = h.day AND r.customer_id = h.customer_id AND r.account_id = h.account_id
    AND r.channel_id = h.channel_id AND r.meter_id = h.meter_id
