-- grain:  one notice
-- params: $1 customer, $2 notice, $3 the present instant, $4 the day
-- locks:  row lock on it
UPDATE meterbook.notice
SET status = 'delivered', attempts = attempts + 1, next_attempt_at = NULL, last_error = NULL, delivered_at = $3,
    delivered_on = $4
WHERE customer_id = $1 AND notice_id = $2::text::uuid AND status = 'pending'
