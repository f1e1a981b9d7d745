-- grain:  at most one subscription
-- params: $1 key
-- locks:  none
SELECT s.customer_id, s.subscription_id, s.key, c.key AS customer_key, c.name AS customer_name, s.plan_id, s.anchor,
    s.signed_up, s.starts, s.ends, s.pays_every, s.currency, s.time_zone,
    o.number, o.starts AS open_starts, o.ends AS open_ends, o.counts_from, s.contract, s.coupon, s.coupon_from, s.paid_from
FROM meterbook.subscription AS s
JOIN meterbook.customer AS c USING (customer_id)
LEFT JOIN meterbook.open_period AS o ON o.customer_id = s.customer_id AND o.subscription_id = s.subscription_id
WHERE s.key = $1
