-- grain:  invoice of a batch without a reading in the last days of its period, though there were some before
-- params: $1 customers, $2 subscriptions, $3 starts of their periods, $4 ends, $5 days
-- locks:  none
SELECT n.customer_id, n.subscription_id, n.ends, last.day
FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::date[]) AS n (customer_id, subscription_id, starts, ends)
JOIN LATERAL (
    SELECT max(r.day) AS day
    FROM meterbook.membership AS m
    JOIN meterbook.reading AS r
        ON r.customer_id = m.customer_id AND r.account_id = m.account_id AND r.day >= n.starts AND r.day < n.ends
        AND r.day >= m.starts AND (m.ends IS NULL OR r.day < m.ends)
    WHERE m.customer_id = n.customer_id AND m.subscription_id = n.subscription_id
) AS last ON last.day < n.ends - $5::integer
