-- grain:  pending changes of a rule that take effect soon
-- params: $1 rule, $2 as-of date, $3 days before
-- locks:  none
-- Of a change that was announced later than that many days before nobody needs to be reminded so soon, and nobody of one
-- that the subscription will not live to see.
SELECT c.customer_id, c.subscription_id
FROM meterbook.plan_change AS c
JOIN meterbook.subscription AS s ON s.customer_id = c.customer_id AND s.subscription_id = c.subscription_id
WHERE c.status = 'announced' AND c.rule = $1 AND c.takes_effect > $2 AND c.takes_effect <= $2::date + $3::integer
    AND c.announced_on < c.takes_effect - $3::integer AND (s.ends IS NULL OR s.ends > c.takes_effect)
ORDER BY c.customer_id, c.subscription_id
