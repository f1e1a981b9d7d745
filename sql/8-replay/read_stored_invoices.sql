-- grain:  invoice × line of a batch, by subscription, date and kind; the lines of one in any order
-- params: {after_customer}, {after_subscription}, {last_customer}, {last_subscription}, {first_end}, {last_end}: typed literals, since COPY takes no parameters
-- locks:  none
-- Each table is told the range of customers: where the planner joins them in the order of their keys, it would otherwise read
-- each of them from its beginning, for every batch.
COPY (
    SELECT i.subscription_id, i.period_ends, i.kind::text AS kind, i.currency, i.total, i.line_count, l.line, l.line_kind::text AS line_kind, l.price_id, l.service_starts, l.service_ends,
        l.quantity, l.counted_before, l.threshold, l.billable, l.amount, l.corrects_period_ends, l.corrects_line, l.manual_line
    FROM meterbook.invoice AS i
    LEFT JOIN meterbook.invoice_line AS l
        ON l.customer_id = i.customer_id AND l.subscription_id = i.subscription_id AND l.period_ends = i.period_ends
        AND l.kind = i.kind AND l.customer_id >= {after_customer} AND l.customer_id <= {last_customer}
    WHERE (i.customer_id, i.subscription_id) > ({after_customer}, {after_subscription})
        AND (i.customer_id, i.subscription_id) <= ({last_customer}, {last_subscription})
        AND i.period_ends >= {first_end} AND i.period_ends < {last_end}
    ORDER BY i.customer_id, i.subscription_id, i.period_ends, i.kind
) TO STDOUT (FORMAT binary)
