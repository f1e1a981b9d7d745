-- grain:  one notice
-- params: $1 customer, $2 notice, $3 why, $4 when it is tried again, or NULL to give it up
-- locks:  row lock on it
UPDATE meterbook.notice
SET attempts = attempts + 1, last_error = $3::text, next_attempt_at = $4::timestamptz,
    status = CASE WHEN $4::timestamptz IS NULL THEN 'dead' ELSE 'pending' END
WHERE customer_id = $1 AND notice_id = $2::text::uuid AND status = 'pending'
