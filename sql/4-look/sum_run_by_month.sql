-- grain:  one row a month in which periods ended that a run closed
-- params: $1 run, $2 first end, $3 first end after
-- locks:  none
SELECT date_trunc('month', i.period_ends)::date AS month, count(*) AS invoices, coalesce(sum(i.total), 0)::bigint AS total
FROM meterbook.billing_period AS b
JOIN meterbook.invoice AS i
    ON i.customer_id = b.customer_id AND i.subscription_id = b.subscription_id AND i.period_ends = b.ends
    AND i.period_ends >= $2 AND i.period_ends < $3
WHERE b.run_id = $1 AND b.ends >= $2 AND b.ends < $3
GROUP BY 1
ORDER BY 1
