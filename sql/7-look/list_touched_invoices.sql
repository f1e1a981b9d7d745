-- grain:  one row an invoice in whose period some account counted on some day
-- params: $1 days, $2 account keys
-- locks:  none
SELECT s.key AS subscription, i.period_ends, i.kind::text AS kind,
    CASE WHEN v.customer_id IS NOT NULL THEN 'voided' WHEN f.customer_id IS NOT NULL THEN 'finalized' ELSE 'draft' END AS status
FROM (
    SELECT DISTINCT m.customer_id, m.subscription_id, n.day
    FROM unnest($1::date[], $2::text[]) AS n (day, account)
    JOIN meterbook.account AS a ON a.key = n.account
    JOIN meterbook.membership AS m
        ON m.account_id = a.account_id AND n.day >= m.starts AND (m.ends IS NULL OR n.day < m.ends)
) AS t
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.billing_period AS b
    ON b.customer_id = t.customer_id AND b.subscription_id = t.subscription_id AND b.starts <= t.day AND b.ends > t.day
JOIN meterbook.invoice AS i
    ON i.customer_id = b.customer_id AND i.subscription_id = b.subscription_id AND i.period_ends = b.ends
    AND i.kind = 'period'
LEFT JOIN meterbook.last_issue AS f
    ON f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.period_ends = i.period_ends
    AND f.kind = i.kind
LEFT JOIN meterbook.last_void AS v
    ON v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
    AND v.kind = i.kind
GROUP BY s.key, i.period_ends, i.kind, status
ORDER BY s.key COLLATE "C", i.period_ends
