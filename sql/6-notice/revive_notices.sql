-- grain:  notices that were given up
-- params: $1 notices or NULL for all, $2 subscription key or NULL for all
-- locks:  row locks on them
UPDATE meterbook.notice AS n
SET status = 'pending', attempts = 0, next_attempt_at = NULL
FROM meterbook.subscription AS s
WHERE n.status = 'dead' AND s.customer_id = n.customer_id AND s.subscription_id = n.subscription_id
    AND ($1::text[] IS NULL OR n.notice_id::text = ANY ($1::text[])) AND ($2::text IS NULL OR s.key = $2)
