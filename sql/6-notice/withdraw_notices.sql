-- grain:  pending notices of one kind and topic of one subscription
-- params: $1 customer, $2 subscription, $3 kinds, $4 topic, $5 start of the period or NULL for any
-- locks:  row locks on them: waits for one that is just being delivered
UPDATE meterbook.notice SET status = 'withdrawn', next_attempt_at = NULL
WHERE customer_id = $1 AND subscription_id = $2 AND kind = ANY ($3::text[]) AND topic = $4
    AND ($5::date IS NULL OR period_starts = $5) AND status = 'pending'
