-- grain:  landed membership rows
-- params: none
-- locks:  reads account and subscription
-- Without a first day an account counts from the sign-up, the anchor date or the start on, whichever is the earliest, so
-- that the usage of a trial has its place.
-- What refers to nothing is refused here: rows can only repeat each other when it is known what they speak of.
UPDATE landed_membership AS l
SET account_id = a.account_id, customer_id = s.customer_id, subscription_id = s.subscription_id,
    starts = coalesce(l.starts, least(s.anchor, s.starts, s.signed_up)),
    verdict = CASE
        WHEN l.ends <= coalesce(l.starts, least(s.anchor, s.starts, s.signed_up)) THEN 'end_not_after_start'
        WHEN s.subscription_id IS NULL THEN 'unknown_subscription'
        WHEN a.account_id IS NULL THEN 'unknown_account'
    END,
    field = CASE
        WHEN l.ends <= coalesce(l.starts, least(s.anchor, s.starts, s.signed_up)) THEN 'until'
        WHEN s.subscription_id IS NULL THEN 'subscription'
        WHEN a.account_id IS NULL THEN 'account'
    END,
    found = CASE
        WHEN l.ends <= coalesce(l.starts, least(s.anchor, s.starts, s.signed_up)) THEN l.ends::text
        WHEN s.subscription_id IS NULL THEN l.subscription_key
        WHEN a.account_id IS NULL THEN l.account_key
    END
FROM landed_membership AS n
LEFT JOIN meterbook.account AS a ON a.key = n.account_key
LEFT JOIN meterbook.subscription AS s ON s.key = n.subscription_key
WHERE n.place = l.place
