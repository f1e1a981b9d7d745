-- grain:  invoice of a batch × billing period, its own and up to six before × meter
-- params: $1 customers, $2 subscriptions, $3 ends of their periods
-- locks:  none
-- The opening counts nothing, and so it is no period to compare with.
SELECT n.customer_id, n.subscription_id, n.ends, p.ends AS period_ends, t.meter_id, sum(t.quantity)::bigint AS quantity
FROM unnest($1::bigint[], $2::bigint[], $3::date[]) AS n (customer_id, subscription_id, ends)
JOIN meterbook.billing_period AS b
    ON b.customer_id = n.customer_id AND b.subscription_id = n.subscription_id AND b.ends = n.ends AND b.starts < b.ends
JOIN LATERAL (
    SELECT x.starts, x.ends FROM meterbook.billing_period AS x
    WHERE x.customer_id = n.customer_id AND x.subscription_id = n.subscription_id AND x.ends <= n.ends
        AND x.ends > n.ends - 7 * (b.ends - b.starts) - 31 AND x.starts < x.ends
    ORDER BY x.ends DESC LIMIT 7
) AS p ON true
LEFT JOIN meterbook.usage_total AS t
    ON t.customer_id = n.customer_id AND t.subscription_id = n.subscription_id AND t.start >= p.starts
    AND t.start < p.ends
GROUP BY n.customer_id, n.subscription_id, n.ends, p.ends, t.meter_id
ORDER BY n.customer_id, n.subscription_id, n.ends, p.ends DESC, t.meter_id
