-- grain:  subscriptions whose open period has been totalled already
-- params: none
-- locks:  row locks on their progress
-- Another catalog may count other meters in it.
UPDATE meterbook.meter_progress AS p SET until = o.starts, due = o.starts
FROM meterbook.open_period AS o
WHERE o.customer_id = p.customer_id AND o.subscription_id = p.subscription_id AND p.until > o.starts
