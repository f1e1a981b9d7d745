-- grain:  subscription × slice of usage that begins in the window, subscriptions in order
-- params: {as_of}, {after_customer}, {after_subscription}, {last_customer}, {last_subscription}, {plans}, {meters}, {window_starts}, {window_ends}, {month}: typed literals, since COPY takes no parameters
-- locks:  none
-- A slice lies within one calendar month: its first day tells which.
COPY (
    SELECT s.customer_id, s.subscription_id, s.plan_id, s.anchor, s.starts, s.signed_up, s.ends, s.pays_every,
        s.currency, s.contract, c.last_change, coalesce(c.is_pending, false) AS is_pending, m.linked_since, t.start, t.quantity,
        s.paid_from
    FROM meterbook.subscription AS s
    LEFT JOIN (
        SELECT customer_id, subscription_id, max(takes_effect) FILTER (WHERE status = 'applied' AND rule IS NOT NULL) AS last_change,
            bool_or(status = 'announced') AS is_pending
        FROM meterbook.plan_change
        GROUP BY customer_id, subscription_id
    ) AS c ON c.customer_id = s.customer_id AND c.subscription_id = s.subscription_id
    LEFT JOIN (
        SELECT customer_id, subscription_id, min(starts) AS linked_since FROM meterbook.membership
        WHERE customer_id >= {after_customer} AND customer_id <= {last_customer}
        GROUP BY customer_id, subscription_id
    ) AS m ON m.customer_id = s.customer_id AND m.subscription_id = s.subscription_id
    LEFT JOIN meterbook.usage_total AS t
        ON t.customer_id = s.customer_id AND t.subscription_id = s.subscription_id
        AND t.meter_id = ANY ({meters}) AND t.start >= {window_starts} AND t.start < {window_ends}
    WHERE s.plan_id = ANY ({plans}) AND s.starts <= {as_of} AND (s.ends IS NULL OR s.ends > {as_of})
        AND (s.customer_id, s.subscription_id) > ({after_customer}, {after_subscription})
        AND (s.customer_id, s.subscription_id) <= ({last_customer}, {last_subscription})
        AND NOT EXISTS (
            SELECT FROM meterbook.plan_decision AS d
            WHERE d.customer_id = s.customer_id AND d.subscription_id = s.subscription_id AND d.month = {month})
    ORDER BY s.customer_id, s.subscription_id
) TO STDOUT (FORMAT binary)
