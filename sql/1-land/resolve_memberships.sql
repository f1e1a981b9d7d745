-- grain:  landed membership rows
-- params: none
-- locks:  reads account and subscription
UPDATE landed_membership AS l
SET account_id = a.account_id, customer_id = s.customer_id, subscription_id = s.subscription_id,
    starts = coalesce(l.starts, s.anchor)
FROM landed_membership AS n
LEFT JOIN meterbook.account AS a ON a.key = n.account_key
LEFT JOIN meterbook.subscription AS s ON s.key = n.subscription_key
WHERE n.place = l.place
