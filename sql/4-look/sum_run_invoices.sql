-- grain:  one row: what a run billed
-- params: $1 run
-- locks:  none
SELECT count(*) AS invoices, coalesce(sum(i.total), 0)::bigint AS total
FROM meterbook.billing_period AS b
JOIN meterbook.invoice AS i
    ON i.customer_id = b.customer_id AND i.subscription_id = b.subscription_id AND i.period_ends = b.ends
WHERE b.run_id = $1
