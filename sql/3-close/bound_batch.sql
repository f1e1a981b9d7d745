-- grain:  one row
-- params: $1 as-of date, $2 and $3 the last customer and subscription done, $4 last customer of the range, $5 most subscriptions, $6 run
-- locks:  none
-- A run is 'running' for as long as nobody has taken over from it: the caller holds the batch lock, and who takes over says
-- so in the journal first and then waits for that lock.
SELECT count(*) AS subscriptions, min(customer_id) AS first_customer, max(customer_id) AS last_customer,
    max(ARRAY[customer_id, subscription_id]) AS last, min(counts_from) AS first_day,
    (SELECT r.status = 'running' FROM meterbook.run AS r WHERE r.run_id = $6) AS is_ours
FROM (
    SELECT customer_id, subscription_id, counts_from
    FROM meterbook.open_period
    WHERE ends <= $1 AND (customer_id, subscription_id) > ($2, $3) AND customer_id <= $4
    ORDER BY customer_id, subscription_id
    LIMIT $5
) AS batch
