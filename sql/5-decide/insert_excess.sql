-- grain:  one limit that a change exceeds
-- params: $1 customer, $2 subscription, $3 change, $4 entitlement, $5 as-of date, $6 used, $7 most, $8 decimal places
-- locks:  none but the new row
INSERT INTO meterbook.plan_change_excess
    (customer_id, subscription_id, change_id, entitlement, as_of, used, most, places)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
