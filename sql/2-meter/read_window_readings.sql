-- grain:  one row a reading of these accounts, each on days of its own
-- params: $1 customers and $2 their accounts, $3 first days, $4 first days after, $5 meters, $6 watermark or NULL for now
-- locks:  none
-- Day by day, for that is how the readings' key begins: an account's days cost what they hold, with any history.
SELECT r.account_id, r.channel_id, r.meter_id, r.day, r.quantity
FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::date[]) AS a (customer_id, account_id, first_day, after_day)
CROSS JOIN LATERAL generate_series(0, a.after_day - a.first_day - 1) AS d (number)
CROSS JOIN LATERAL (
    SELECT k.account_id, k.channel_id, k.meter_id, k.day, k.quantity FROM meterbook.reading AS k
    WHERE k.day = a.first_day + d.number AND k.customer_id = a.customer_id AND k.account_id = a.account_id
        AND k.meter_id = ANY ($5::integer[]) AND k.pull_id <= coalesce($6, k.pull_id)
    UNION ALL
    SELECT k.account_id, k.channel_id, k.meter_id, k.day, k.quantity FROM meterbook.reading_superseded AS k
    WHERE k.day = a.first_day + d.number AND k.customer_id = a.customer_id AND k.account_id = a.account_id
        AND k.meter_id = ANY ($5::integer[]) AND k.pull_id <= $6 AND k.superseded_by > $6
) AS r
