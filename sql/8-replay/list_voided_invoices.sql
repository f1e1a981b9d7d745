-- grain:  invoices of a batch that are void
-- params: $1 and $2 the last customer and subscription done, $3 and $4 the last ones of the batch
-- locks:  none
SELECT subscription_id, period_ends, kind::text FROM meterbook.last_void
WHERE (customer_id, subscription_id) > ($1, $2) AND (customer_id, subscription_id) <= ($3, $4)
