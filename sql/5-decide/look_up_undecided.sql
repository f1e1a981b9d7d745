-- grain:  subscription, in order, as in read_undecided
-- params: {customers}, {subscriptions}, {meters}, {window_starts}, {window_ends}: typed literals, since COPY takes no parameters
-- locks:  none
-- For a few of many: each is looked up in every table.
COPY (
    SELECT s.customer_id, s.subscription_id, s.plan_id, s.anchor, s.starts, s.signed_up, s.ends, s.pays_every,
        s.currency, s.contract, c.last_change, coalesce(c.is_pending, false) AS is_pending, m.linked_since, t.starts, t.quantities,
        s.paid_from
    FROM unnest({customers}, {subscriptions}) AS k (customer_id, subscription_id)
    JOIN meterbook.subscription AS s ON s.customer_id = k.customer_id AND s.subscription_id = k.subscription_id
    CROSS JOIN LATERAL (
        SELECT max(takes_effect) FILTER (WHERE status = 'applied' AND rule IS NOT NULL) AS last_change,
            bool_or(status = 'announced') AS is_pending
        FROM meterbook.plan_change
        WHERE customer_id = s.customer_id AND subscription_id = s.subscription_id
    ) AS c
    CROSS JOIN LATERAL (
        SELECT min(starts) AS linked_since FROM meterbook.membership
        WHERE customer_id = s.customer_id AND subscription_id = s.subscription_id
    ) AS m
    CROSS JOIN LATERAL (
        SELECT array_agg((start - date '1970-01-01')::bigint) AS starts, array_agg(quantity) AS quantities
        FROM meterbook.usage_total
        WHERE customer_id = s.customer_id AND subscription_id = s.subscription_id AND meter_id = ANY ({meters})
            AND start >= {window_starts} AND start < {window_ends}
    ) AS t
    ORDER BY s.customer_id, s.subscription_id
) TO STDOUT (FORMAT binary)
