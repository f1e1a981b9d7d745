-- grain:  subscription × usage total, subscriptions in order; totals from counts_from on, or of who has changed to another plan from further back
-- params: {after_customer}, {after_subscription}, {first_customer}, {last_customer}, {last_subscription}, {first_day}, {as_of}, {changed_from}: typed literals, since COPY takes no parameters
-- locks:  none
COPY (
    SELECT l.customer_id, l.subscription_id, o.number, o.starts, o.ends, o.counts_from,
        s.plan_id, s.anchor, s.signed_up, s.starts, s.ends, s.pays_every, s.currency, s.contract, s.key, c.name,
        t.meter_id, t.start, t.quantity, p.takes_effect, p.plan_id AS next_plan_id
    FROM landed_alert AS l
    JOIN meterbook.open_period AS o ON o.customer_id = l.customer_id AND o.subscription_id = l.subscription_id
    JOIN meterbook.subscription AS s ON s.customer_id = l.customer_id AND s.subscription_id = l.subscription_id
    JOIN meterbook.customer AS c ON c.customer_id = l.customer_id
    LEFT JOIN meterbook.plan_change AS p
        ON p.customer_id = l.customer_id AND p.subscription_id = l.subscription_id AND p.status = 'announced'
        AND p.takes_effect <= {as_of}
    LEFT JOIN meterbook.usage_total AS t
        ON t.customer_id = l.customer_id AND t.subscription_id = l.subscription_id
        AND t.start >= CASE WHEN p.takes_effect IS NULL THEN o.counts_from ELSE least(o.counts_from, {changed_from}) END
        AND t.start >= {first_day}
        AND t.customer_id >= {first_customer} AND t.customer_id <= {last_customer}
    WHERE (l.customer_id, l.subscription_id) > ({after_customer}, {after_subscription})
        AND (l.customer_id, l.subscription_id) <= ({last_customer}, {last_subscription})
    ORDER BY l.customer_id, l.subscription_id
) TO STDOUT (FORMAT binary)
