-- grain:  reading or usage total of a subscription and meter, readings and totals merged in order of day
-- params: none: COPY; the program cuts the readings into slices and compares
-- locks:  none
COPY (
    SELECT s.customer_id, s.subscription_id, s.key, s.plan_id, s.anchor, x.meter_id, x.day, x.is_total, x.quantity,
        s.starts
    FROM (
        SELECT m.customer_id, m.subscription_id, r.meter_id, r.day, false AS is_total, sum(r.quantity)::bigint AS quantity
        FROM meterbook.reading AS r
        JOIN meterbook.membership AS m
            ON m.customer_id = r.customer_id AND m.account_id = r.account_id
            AND r.day >= m.starts AND (m.ends IS NULL OR r.day < m.ends)
        JOIN meterbook.meter AS k ON k.meter_id = r.meter_id AND k.is_running
        GROUP BY m.customer_id, m.subscription_id, r.meter_id, r.day
        UNION ALL
        SELECT t.customer_id, t.subscription_id, t.meter_id, t.start, true, t.quantity
        FROM meterbook.usage_total AS t
        JOIN meterbook.meter AS k ON k.meter_id = t.meter_id AND k.is_running
    ) AS x
    JOIN meterbook.subscription AS s ON s.customer_id = x.customer_id AND s.subscription_id = x.subscription_id
    ORDER BY s.customer_id, s.subscription_id, x.meter_id, x.day, x.is_total DESC
) TO STDOUT (FORMAT binary)
