-- grain:  subscription × usage total, subscriptions in order; totals from counts_from until the as-of date
-- params: {as_of}, {after_customer}, {after_subscription}, {last_customer}, {last_subscription}, {first_day}: typed literals, since COPY takes no parameters
-- locks:  none
COPY (
    SELECT o.customer_id, o.subscription_id, o.number, o.starts, o.ends, o.counts_from,
        s.plan_id, s.anchor, s.signed_up, s.ends, s.pays_every,
        l.start AS late_from, t.meter_id, t.start, t.quantity, s.starts, s.contract, s.coupon, s.coupon_from,
        p.subscription_id IS NOT NULL AND (p.due IS NULL OR p.due > {as_of}) AS is_metered,
        s.currency, c.takes_effect, c.plan_id AS next_plan_id,
        c.pays_every AS next_pays_every, s.paid_from, c.is_pending, c.is_divided, c.is_unsettled
    FROM meterbook.open_period AS o
    JOIN meterbook.subscription AS s ON s.customer_id = o.customer_id AND s.subscription_id = o.subscription_id
    LEFT JOIN (
        SELECT customer_id, subscription_id, min(start) AS start FROM meterbook.late_usage
        GROUP BY customer_id, subscription_id
    ) AS l ON l.customer_id = o.customer_id AND l.subscription_id = o.subscription_id
    LEFT JOIN (
        SELECT customer_id, subscription_id, min(takes_effect) AS takes_effect, min(plan_id) AS plan_id,
            min(pays_every) AS pays_every, bool_or(status = 'announced') AS is_pending,
            bool_or(is_at_once) AS is_divided,
            bool_or(is_at_once AND status = 'announced') AS is_unsettled
        FROM meterbook.plan_change
        WHERE (status = 'announced' AND takes_effect <= {as_of}) OR in_open_period
        GROUP BY customer_id, subscription_id
    ) AS c ON c.customer_id = o.customer_id AND c.subscription_id = o.subscription_id
    LEFT JOIN meterbook.meter_progress AS p
        ON p.customer_id = o.customer_id AND p.subscription_id = o.subscription_id
    LEFT JOIN meterbook.usage_total AS t
        ON t.customer_id = o.customer_id AND t.subscription_id = o.subscription_id
        AND t.start >= o.counts_from AND t.start < {as_of} AND t.start >= {first_day}
        AND t.customer_id >= {first_customer} AND t.customer_id <= {last_customer}
    WHERE o.ends <= {as_of}
        AND o.customer_id >= {first_customer} AND o.customer_id <= {last_customer}
        AND s.customer_id >= {first_customer} AND s.customer_id <= {last_customer}
        AND (o.customer_id, o.subscription_id) > ({after_customer}, {after_subscription})
        AND (o.customer_id, o.subscription_id) <= ({last_customer}, {last_subscription})
    ORDER BY o.customer_id, o.subscription_id
) TO STDOUT (FORMAT binary)
