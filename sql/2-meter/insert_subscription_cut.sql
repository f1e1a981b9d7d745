-- grain:  one day on which the totals of one subscription begin anew
-- params: $1 customer, $2 subscription, $3 day
-- locks:  none but the new row
INSERT INTO meterbook.subscription_cut (customer_id, subscription_id, day) VALUES ($1, $2, $3)
ON CONFLICT (customer_id, subscription_id, day) DO NOTHING
