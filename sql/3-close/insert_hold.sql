-- grain:  one subscription
-- params: $1 customer, $2 subscription, $3 reason, $4 detail, $5 end of the period, $6 run
-- locks:  none but the row
INSERT INTO meterbook.hold AS h (customer_id, subscription_id, reason, detail, period_ends, run_id)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (customer_id, subscription_id) DO UPDATE
    SET reason = excluded.reason, detail = excluded.detail, period_ends = excluded.period_ends, run_id = excluded.run_id
    WHERE (h.reason, h.detail, h.period_ends) IS DISTINCT FROM (excluded.reason, excluded.detail, excluded.period_ends)
