-- grain:  closed periods of a batch, in order
-- params: $1 and $2 the last customer and subscription done, $3 and $4 the last ones of the batch
-- locks:  none
SELECT subscription_id, starts, ends, number, catalog_id, watermark, engine, run_id, late_from
FROM meterbook.billing_period
WHERE (customer_id, subscription_id) > ($1, $2) AND (customer_id, subscription_id) <= ($3, $4)
ORDER BY customer_id, subscription_id, ends
