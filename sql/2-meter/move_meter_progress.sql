-- grain:  subscriptions whose totals are right now
-- params: $1 customers, $2 subscriptions, $3 until when, $4 when there is more to do or NULL
-- locks:  row locks on them
INSERT INTO meterbook.meter_progress AS p (customer_id, subscription_id, until, due)
SELECT customer_id, subscription_id, until, due
FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::date[]) AS n (customer_id, subscription_id, until, due)
ORDER BY customer_id, subscription_id
ON CONFLICT (customer_id, subscription_id) DO UPDATE SET until = excluded.until, due = excluded.due
    WHERE ROW(p.until, p.due) IS DISTINCT FROM ROW(excluded.until, excluded.due)
