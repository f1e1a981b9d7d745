-- grain:  subscriptions of a batch whose next period is open now
-- params: $1 customers, $2 subscriptions, $3 ends of the periods just closed (the first of each), then of the next: $4 numbers, $5 starts, $6 ends, $7 counts_from
-- locks:  row locks on them
-- The end that was read is compared, so that a period can never be closed from under somebody else's feet.
UPDATE meterbook.open_period AS o
SET number = n.number, starts = n.starts, ends = n.ends, counts_from = n.counts_from
FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::integer[], $5::date[], $6::date[], $7::date[])
    AS n (customer_id, subscription_id, was, number, starts, ends, counts_from)
WHERE o.customer_id = n.customer_id AND o.subscription_id = n.subscription_id AND o.ends = n.was
