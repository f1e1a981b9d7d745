-- grain:  what is to be paused for one limit, in order
-- params: $1 customer, $2 subscription, $3 change, $4 entitlement, $5 accounts, $6 channels, $7 days, $8 quantities
-- locks:  none but the new rows
INSERT INTO meterbook.plan_change_pause
    (customer_id, subscription_id, change_id, entitlement, place, account_id, channel_id, since, quantity)
SELECT $1, $2, $3, $4, n.place, n.account_id, n.channel_id, n.since, n.quantity
FROM unnest($5::bigint[], $6::integer[], $7::date[], $8::bigint[])
    WITH ORDINALITY AS n (account_id, channel_id, since, quantity, place)
