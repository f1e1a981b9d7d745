-- grain:  one row
-- params: $1 customer key or NULL for all
-- locks:  none
SELECT count(*) AS subscriptions, min(s.customer_id) AS first_customer, max(s.customer_id) AS last_customer,
    (SELECT coalesce(max(run_id), 0) FROM meterbook.run) AS last_run,
    (SELECT after_run FROM meterbook.replay_start) AS after_run
FROM meterbook.subscription AS s
JOIN meterbook.customer AS c ON c.customer_id = s.customer_id
WHERE $1::text IS NULL OR c.key = $1
