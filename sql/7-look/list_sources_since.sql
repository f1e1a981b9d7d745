-- grain:  one row an account and channel, with the day from which on it counts
-- params: $1 customer, $2 meter by which it is stored, $3 account keys, $4 channel keys, $5 channel categories, $6 first day looked at, $7 first day after, $8 time zone
-- locks:  none
-- An interval began when it was switched on. Of a level the month of its first reading is kept, so that nobody has to look
-- through all readings; anything else is as old as what it counted in the days looked at.
SELECT n.account, n.channel, n.category, a.account_id, c.channel_id,
    coalesce(
        (
            SELECT max(i.on_at AT TIME ZONE $8)::date FROM meterbook.connection_interval AS i
            JOIN meterbook.channel AS k ON k.channel_id = i.channel_id
            WHERE i.account_id = a.account_id AND k.key = n.channel AND k.category = '' AND i.meter_id = $2
                AND i.on_at < meterbook.day_start($7, $8)
        ),
        (
            SELECT min(r.day) FROM meterbook.reading AS r
            WHERE r.customer_id = $1 AND r.account_id = a.account_id AND r.channel_id = c.channel_id AND r.meter_id = $2
                AND r.day >= coalesce(m.month, $6)
                AND r.day < coalesce((m.month + interval '1 month')::date, $7)
        ),
        $6) AS since
FROM unnest($3::text[], $4::text[], $5::text[]) AS n (account, channel, category)
JOIN meterbook.account AS a ON a.key = n.account
JOIN meterbook.channel AS c ON c.key = n.channel AND c.category = n.category
CROSS JOIN LATERAL (
    SELECT min(h.month) AS month FROM meterbook.month_reading AS h
    WHERE h.account_id = a.account_id AND h.meter_id = $2 AND h.channel_id = c.channel_id
) AS m
