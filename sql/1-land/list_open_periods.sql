-- grain:  one row a subscription with an open period
-- params: binary COPY
-- locks:  none
COPY (
    SELECT o.customer_id, o.subscription_id, o.number, o.counts_from, s.plan_id, s.anchor, s.signed_up,
        s.starts
    FROM meterbook.open_period AS o
    JOIN meterbook.subscription AS s ON s.customer_id = o.customer_id AND s.subscription_id = o.subscription_id
) TO STDOUT (FORMAT binary)
