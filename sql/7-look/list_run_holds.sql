-- grain:  one row a reason for which subscriptions or invoices wait that this run or one before it has set aside
-- params: $1 run
-- locks:  none
SELECT w.what, w.reason, count(*) AS waiting, count(*) FILTER (WHERE w.run_id = $1) AS new,
    (min(ARRAY[s.key, w.period_ends::text] COLLATE "C")) AS example
FROM (
    SELECT 'subscription' AS what, h.customer_id, h.subscription_id, h.period_ends, h.reason, h.run_id
    FROM meterbook.hold AS h WHERE h.run_id <= $1
    UNION ALL
    SELECT 'invoice' AS what, h.customer_id, h.subscription_id, h.period_ends, h.reason, h.run_id
    FROM meterbook.invoice_hold AS h WHERE h.status = 'held' AND h.run_id <= $1
) AS w
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
GROUP BY w.what, w.reason
ORDER BY waiting DESC, w.reason COLLATE "C"
