-- grain:  account × span of days, for one subscription, as known at a watermark
-- params: $1 customer, $2 subscription, $3 meters, $4 first day, $5 first day after, $6 watermark, $7 first days of the spans, $8 first days after them
-- locks:  none
-- A reading that came later than the watermark was not known; one that it superseded was.
SELECT a.key AS account, w.starts, sum(k.quantity)::bigint AS quantity
FROM (
    SELECT r.day, r.account_id, r.quantity FROM meterbook.reading AS r
    WHERE r.customer_id = $1 AND r.meter_id = ANY ($3::integer[]) AND r.day >= $4 AND r.day < $5 AND r.pull_id <= $6
    UNION ALL
    SELECT o.day, o.account_id, o.quantity FROM meterbook.reading_superseded AS o
    WHERE o.customer_id = $1 AND o.meter_id = ANY ($3::integer[]) AND o.day >= $4 AND o.day < $5 AND o.pull_id <= $6
        AND o.superseded_by > $6
) AS k
JOIN meterbook.membership AS m
    ON m.account_id = k.account_id AND m.customer_id = $1 AND m.subscription_id = $2
    AND m.starts <= k.day AND (m.ends IS NULL OR m.ends > k.day)
JOIN meterbook.account AS a ON a.account_id = k.account_id
JOIN unnest($7::date[], $8::date[]) AS w (starts, ends) ON w.starts <= k.day AND w.ends > k.day
GROUP BY a.key, w.starts
ORDER BY a.key, w.starts
