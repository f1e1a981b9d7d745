-- grain:  at most one subscription that is held for a gap
-- params: $1 subscription's key, $2 end of the period, $3 as-of date, $4 author, $5 note or NULL, $6 run
-- locks:  row lock on its hold
WITH freed AS (
    DELETE FROM meterbook.hold AS h
    USING meterbook.subscription AS s
    WHERE s.key = $1 AND h.customer_id = s.customer_id AND h.subscription_id = s.subscription_id
        AND h.period_ends = $2 AND h.reason IN ('missing_day', 'shrunk_day', 'unread_source', 'missing_channel')
    RETURNING h.customer_id, h.subscription_id, h.period_ends
)
INSERT INTO meterbook.released_gap (customer_id, subscription_id, period_ends, released_on, released_by, note, run_id)
SELECT customer_id, subscription_id, period_ends, $3, $4, $5, $6 FROM freed
