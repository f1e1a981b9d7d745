-- grain:  one row a closed period of one subscription
-- params: $1 customer, $2 subscription, $3 first day, $4 first day behind their ends
-- locks:  none
SELECT starts, ends, catalog_id FROM meterbook.billing_period
WHERE customer_id = $1 AND subscription_id = $2 AND ends > $3 AND ends < $4 AND ends > starts
ORDER BY ends
