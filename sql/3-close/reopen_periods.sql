-- grain:  subscriptions without an open period
-- params: $1 customers, $2 subscriptions, then of the period: $3 numbers, $4 starts, $5 ends, $6 counts_from
-- locks:  none but the new rows
INSERT INTO meterbook.open_period (customer_id, subscription_id, number, starts, ends, counts_from)
SELECT customer_id, subscription_id, number, starts, ends, counts_from
FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::date[], $5::date[], $6::date[])
    AS n (customer_id, subscription_id, number, starts, ends, counts_from)
ORDER BY customer_id, subscription_id
