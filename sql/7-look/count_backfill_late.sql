-- grain:  one row
-- params: $1 pulls
-- locks:  none
-- A slice begins in the period that it counts in; a meter that is totalled over a period counts in one that begins with it.
SELECT count(DISTINCT (l.customer_id, l.subscription_id)) AS subscriptions,
    count(DISTINCT (b.customer_id, b.subscription_id, b.ends)) AS periods
FROM meterbook.late_usage AS l
LEFT JOIN meterbook.billing_period AS b
    ON b.customer_id = l.customer_id AND b.subscription_id = l.subscription_id AND b.starts <= l.start AND b.ends > l.start
WHERE l.pull_id = ANY ($1::bigint[])
