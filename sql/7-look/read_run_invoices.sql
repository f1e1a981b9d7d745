-- grain:  invoice of a run with the sums of its lines and the totals of those before it, by subscription and date
-- params: {run}, {history} how many of those before that are like it: typed literals, since COPY takes no parameters
-- locks:  none
-- Like it are those with a recurring price where it has one, and without where it has none. Nobody looks further back than
-- two years of months: who pays by the year has one like it among them.
-- What the run wrote comes first, each by its key: else the planner, which knows nothing of new rows, reads all there ever was.
COPY (
    WITH b AS MATERIALIZED (
        SELECT customer_id, subscription_id, period_ends, kind FROM meterbook.invoice_cause WHERE run_id = {run}
    )
    SELECT s.key AS subscription, c.key AS customer, p.key AS plan, i.currency, i.period_ends, i.kind::text AS kind,
        i.total, w.recurring, w.usage, w.overage, w.corrections, w.other, w.has_recurring,
        coalesce(s.ends <= i.period_ends, false) AS is_last, e.total AS before,
        n.invoices AS earlier, a.totals AS alike
    FROM b
    JOIN meterbook.invoice AS i
        ON i.customer_id = b.customer_id AND i.subscription_id = b.subscription_id AND i.period_ends = b.period_ends
        AND i.kind::text = b.kind
    JOIN meterbook.subscription AS s ON s.customer_id = i.customer_id AND s.subscription_id = i.subscription_id
    JOIN meterbook.customer AS c ON c.customer_id = i.customer_id
    JOIN meterbook.plan AS p ON p.plan_id = s.plan_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(l.amount) FILTER (WHERE l.line_kind = 'flat'), 0)::bigint AS recurring,
            coalesce(sum(l.amount) FILTER (WHERE l.line_kind = 'usage' AND l.threshold = 0), 0)::bigint AS usage,
            coalesce(sum(l.amount) FILTER (WHERE l.line_kind = 'usage' AND l.threshold <> 0), 0)::bigint AS overage,
            coalesce(sum(l.amount) FILTER (WHERE l.line_kind = 'correction'), 0)::bigint AS corrections,
            coalesce(sum(l.amount) FILTER (WHERE l.line_kind NOT IN ('flat', 'usage', 'correction')), 0)::bigint AS other,
            coalesce(bool_or(l.line_kind = 'flat'), false) AS has_recurring
        FROM meterbook.invoice_line AS l
        WHERE l.customer_id = i.customer_id AND l.subscription_id = i.subscription_id
            AND l.period_ends = i.period_ends AND l.kind = i.kind
    ) AS w
    LEFT JOIN LATERAL (
        SELECT f.total FROM meterbook.invoice AS f
        WHERE f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.kind = 'period'
            AND f.period_ends < i.period_ends AND i.kind = 'period'
        ORDER BY f.period_ends DESC LIMIT 1
    ) AS e ON true
    CROSS JOIN LATERAL (
        SELECT array_agg(f.total ORDER BY f.period_ends DESC) AS totals
        FROM (
            SELECT g.total, g.period_ends
            FROM (
                SELECT f.total, f.period_ends FROM meterbook.invoice AS f
                WHERE f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.kind = 'period'
                    AND f.period_ends < i.period_ends AND i.kind = 'period'
                ORDER BY f.period_ends DESC LIMIT 24
            ) AS g
            WHERE w.has_recurring = coalesce(
                (
                    SELECT true FROM meterbook.invoice_line AS l
                    WHERE l.customer_id = i.customer_id AND l.subscription_id = i.subscription_id
                        AND l.period_ends = g.period_ends AND l.kind = 'period' AND l.line_kind = 'flat'
                    LIMIT 1
                ), false)
            LIMIT {history}
        ) AS f
    ) AS a
    CROSS JOIN LATERAL (
        SELECT count(*) AS invoices FROM (
            SELECT FROM meterbook.invoice AS f
            WHERE f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.kind = 'period'
                AND f.period_ends < i.period_ends AND i.kind = 'period'
            LIMIT 2
        ) AS g
    ) AS n
    ORDER BY s.key COLLATE "C", i.period_ends, i.kind
) TO STDOUT (FORMAT binary)
