-- grain:  one row
-- params: $1 as-of date, $2 plans
-- locks:  none
SELECT count(*) FROM meterbook.subscription AS s
LEFT JOIN meterbook.meter_progress AS p ON p.customer_id = s.customer_id AND p.subscription_id = s.subscription_id
WHERE s.plan_id = ANY ($2::integer[]) AND CASE WHEN p.subscription_id IS NULL THEN s.starts < $1 ELSE p.due <= $1 END
