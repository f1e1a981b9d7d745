-- grain:  subscription × terms that it has had, in order; the present ones last, without a run that superseded them
-- params: $1 and $2 the last customer and subscription done, $3 and $4 the last ones of the batch
-- locks:  none
SELECT s.customer_id, s.subscription_id, s.key, c.key AS customer, c.name, s.plan_id, s.anchor, s.signed_up, s.starts,
    s.currency, s.pays_every, s.paid_from, v.superseded_by, v.ends, v.contract, v.coupon, v.coupon_from
FROM meterbook.subscription AS s
JOIN meterbook.customer AS c ON c.customer_id = s.customer_id
CROSS JOIN LATERAL (
    SELECT NULL::bigint AS superseded_by, s.ends, s.contract, s.coupon, s.coupon_from
    UNION ALL
    SELECT o.superseded_by, o.ends, o.contract, o.coupon, o.coupon_from FROM meterbook.subscription_superseded AS o
    WHERE o.customer_id = s.customer_id AND o.subscription_id = s.subscription_id
) AS v
WHERE (s.customer_id, s.subscription_id) > ($1, $2) AND (s.customer_id, s.subscription_id) <= ($3, $4)
    AND c.customer_id >= $1 AND c.customer_id <= $3
ORDER BY s.customer_id, s.subscription_id, v.superseded_by
