-- grain:  at most one invoice
-- params: $1 subscription key, $2 period end
-- locks:  none
SELECT c.key AS customer, c.name, s.key AS subscription, p.key AS plan, s.customer_id, s.subscription_id,
    b.starts, b.ends, b.number, b.catalog_id, b.watermark, b.engine, b.run_id, i.status::text AS status, i.currency, i.total
FROM meterbook.subscription AS s
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.plan AS p USING (plan_id)
JOIN meterbook.invoice AS i
    ON i.customer_id = s.customer_id AND i.subscription_id = s.subscription_id AND i.kind = 'period'
JOIN meterbook.billing_period AS b
    ON b.customer_id = i.customer_id AND b.subscription_id = i.subscription_id AND b.ends = i.period_ends
WHERE s.key = $1 AND i.period_ends = $2
