-- grain:  subscription × terms that it has had, in order; the present ones last, without a run that superseded them
-- params: $1 and $2 the last customer and subscription done, $3 and $4 the last ones of the batch
-- locks:  none
-- Few have other terms behind them, so those are looked up once for all and not for each subscription.
SELECT s.customer_id, s.subscription_id, s.key, c.key AS customer, c.name, s.plan_id, s.anchor, s.signed_up, s.starts,
    s.currency, s.pays_every, s.paid_from, NULL::bigint AS superseded_by, s.ends, s.contract, s.coupon, s.coupon_from
FROM meterbook.subscription AS s
JOIN meterbook.customer AS c ON c.customer_id = s.customer_id AND c.customer_id >= $1 AND c.customer_id <= $3
WHERE (s.customer_id, s.subscription_id) > ($1, $2) AND (s.customer_id, s.subscription_id) <= ($3, $4)
    AND s.customer_id >= $1 AND s.customer_id <= $3
UNION ALL
SELECT s.customer_id, s.subscription_id, s.key, c.key, c.name, s.plan_id, s.anchor, s.signed_up, s.starts, s.currency,
    s.pays_every, s.paid_from, o.superseded_by, o.ends, o.contract, o.coupon, o.coupon_from
FROM meterbook.subscription_superseded AS o
JOIN meterbook.subscription AS s
    ON s.customer_id = o.customer_id AND s.subscription_id = o.subscription_id
    AND s.customer_id >= $1 AND s.customer_id <= $3
JOIN meterbook.customer AS c ON c.customer_id = o.customer_id AND c.customer_id >= $1 AND c.customer_id <= $3
WHERE (o.customer_id, o.subscription_id) > ($1, $2) AND (o.customer_id, o.subscription_id) <= ($3, $4)
    AND o.customer_id >= $1 AND o.customer_id <= $3
ORDER BY customer_id, subscription_id, superseded_by
