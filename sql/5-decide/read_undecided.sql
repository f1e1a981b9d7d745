-- grain:  subscription, in order, with its slices of usage that begin in the window of any as two arrays: first days since 1970-01-01, quantities
-- params: {customers}, {subscriptions}, {first_customer}, {last_customer}, {meters}, {window_starts}, {window_ends}: typed literals, since COPY takes no parameters
-- locks:  none
-- A slice lies within one calendar month and one billing period: its first day tells which. With one row a subscription, and not one a slice, less
-- than half is sent. Each table is told the range of customers, so that no plan looks at more of it than the batch.
COPY (
    SELECT s.customer_id, s.subscription_id, s.plan_id, s.anchor, s.starts, s.signed_up, s.ends, s.pays_every,
        s.currency, s.contract, c.last_change, coalesce(c.is_pending, false) AS is_pending, m.linked_since, t.starts, t.quantities,
        s.paid_from
    FROM unnest({customers}, {subscriptions}) AS k (customer_id, subscription_id)
    JOIN meterbook.subscription AS s ON s.customer_id = k.customer_id AND s.subscription_id = k.subscription_id
    LEFT JOIN (
        SELECT customer_id, subscription_id, max(takes_effect) FILTER (WHERE status = 'applied' AND rule IS NOT NULL) AS last_change,
            bool_or(status = 'announced') AS is_pending
        FROM meterbook.plan_change
        WHERE customer_id >= {first_customer} AND customer_id <= {last_customer}
        GROUP BY customer_id, subscription_id
    ) AS c ON c.customer_id = s.customer_id AND c.subscription_id = s.subscription_id
    LEFT JOIN (
        SELECT customer_id, subscription_id, min(starts) AS linked_since FROM meterbook.membership
        WHERE customer_id >= {first_customer} AND customer_id <= {last_customer}
        GROUP BY customer_id, subscription_id
    ) AS m ON m.customer_id = s.customer_id AND m.subscription_id = s.subscription_id
    LEFT JOIN (
        SELECT customer_id, subscription_id, array_agg((start - date '1970-01-01')::bigint) AS starts,
            array_agg(quantity) AS quantities
        FROM meterbook.usage_total
        WHERE meter_id = ANY ({meters}) AND start >= {window_starts} AND start < {window_ends}
            AND customer_id >= {first_customer} AND customer_id <= {last_customer}
        GROUP BY customer_id, subscription_id
    ) AS t ON t.customer_id = s.customer_id AND t.subscription_id = s.subscription_id
    WHERE s.customer_id >= {first_customer} AND s.customer_id <= {last_customer}
    ORDER BY s.customer_id, s.subscription_id
) TO STDOUT (FORMAT binary)
