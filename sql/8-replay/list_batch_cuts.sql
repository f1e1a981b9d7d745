-- grain:  one row a day on which the totals of one subscription of a batch begin anew
-- params: $1 and $2 the last customer and subscription done, $3 and $4 the last ones of the batch
-- locks:  none
SELECT subscription_id, day FROM meterbook.subscription_cut
WHERE (customer_id, subscription_id) > ($1, $2) AND (customer_id, subscription_id) <= ($3, $4)
