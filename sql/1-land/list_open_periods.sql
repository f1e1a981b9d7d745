-- grain:  one row an open period
-- params: none: COPY, for there may be a million
-- locks:  none
COPY (
    SELECT o.customer_id, o.subscription_id, s.plan_id, s.anchor, o.number, o.counts_from
    FROM meterbook.open_period AS o
    JOIN meterbook.subscription AS s ON s.customer_id = o.customer_id AND s.subscription_id = o.subscription_id
) TO STDOUT (FORMAT binary)
