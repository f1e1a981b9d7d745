-- grain:  pending changes of a rule that take effect soon
-- params: $1 rule, $2 as-of date, $3 days before
-- locks:  none
-- Of a change that was announced later than that many days before nobody needs to be reminded so soon.
SELECT customer_id, subscription_id FROM meterbook.plan_change
WHERE status = 'announced' AND rule = $1 AND takes_effect > $2 AND takes_effect <= $2::date + $3::integer
    AND announced_on < takes_effect - $3::integer
ORDER BY customer_id, subscription_id
