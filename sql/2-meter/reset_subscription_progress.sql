-- grain:  one subscription whose totals have to be computed for another plan as well
-- params: $1 customer, $2 subscription
-- locks:  a row lock on its progress
DELETE FROM meterbook.meter_progress WHERE customer_id = $1 AND subscription_id = $2
