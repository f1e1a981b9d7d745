-- grain:  subscription × usage total, subscriptions in order; totals from counts_from on, or of who has changed to another plan from further back
-- params: {after_customer}, {after_subscription}, {first_customer}, {last_customer}, {last_subscription}, {first_day}, {as_of}, {changed_from}: typed literals, since COPY takes no parameters
-- locks:  none
-- The period before the one under way is told of on the plan that was held then.
COPY (
    SELECT l.customer_id, l.subscription_id, o.number, o.starts, o.ends, o.counts_from,
        s.plan_id, s.anchor, s.signed_up, s.starts, s.ends, s.pays_every, s.currency, s.contract, s.key, c.name,
        t.meter_id, t.start, t.quantity, h.first_plan_id, h.changes,
        s.paid_from, h.first_pays_every, h.first_paid_from
    FROM landed_alert AS l
    JOIN meterbook.open_period AS o ON o.customer_id = l.customer_id AND o.subscription_id = l.subscription_id
    JOIN meterbook.subscription AS s ON s.customer_id = l.customer_id AND s.subscription_id = l.subscription_id
    JOIN meterbook.customer AS c ON c.customer_id = l.customer_id
    LEFT JOIN (
        SELECT customer_id, subscription_id, (array_agg(was_plan_id ORDER BY takes_effect, change_id))[1] AS first_plan_id,
            (array_agg(was_pays_every ORDER BY takes_effect, change_id)
                FILTER (WHERE pays_every IS NOT NULL))[1] AS first_pays_every,
            (array_agg(was_paid_from ORDER BY takes_effect, change_id)
                FILTER (WHERE pays_every IS NOT NULL))[1] AS first_paid_from,
            string_agg(
                format('%s %s %s', takes_effect, plan_id, pays_every), ',' ORDER BY takes_effect, change_id) AS changes,
            bool_or(status = 'announced') AS is_pending
        FROM meterbook.plan_change
        WHERE status IN ('applied', 'announced') AND takes_effect <= {as_of}
            AND customer_id >= {first_customer} AND customer_id <= {last_customer}
        GROUP BY customer_id, subscription_id
    ) AS h ON h.customer_id = l.customer_id AND h.subscription_id = l.subscription_id
    LEFT JOIN meterbook.usage_total AS t
        ON t.customer_id = l.customer_id AND t.subscription_id = l.subscription_id
        AND t.start >= CASE WHEN h.is_pending THEN least(o.counts_from, {changed_from}) ELSE o.counts_from END
        AND t.start >= {first_day}
        AND t.customer_id >= {first_customer} AND t.customer_id <= {last_customer}
    WHERE (l.customer_id, l.subscription_id) > ({after_customer}, {after_subscription})
        AND (l.customer_id, l.subscription_id) <= ({last_customer}, {last_subscription})
    ORDER BY l.customer_id, l.subscription_id
) TO STDOUT (FORMAT binary)
