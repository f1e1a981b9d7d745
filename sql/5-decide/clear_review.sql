-- grain:  what one change exceeds
-- params: $1 customer, $2 subscription, $3 change
-- locks:  row locks on it; what is to be paused goes with it
DELETE FROM meterbook.plan_change_excess WHERE customer_id = $1 AND subscription_id = $2 AND change_id = $3
