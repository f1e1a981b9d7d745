-- grain:  one subscription
-- params: $1 customer, $2 subscription, $3 the day before which its last period begins, or NULL for no end
-- locks:  row locks on it and on how far it has been totalled
-- The source has not heard of it, and says nothing new when it goes on naming the end before.
WITH ended AS (
    UPDATE meterbook.subscription AS s
    SET ends = $3,
        said_ends = nullif(coalesce(s.said_ends, s.ends, 'infinity'), coalesce($3::date, 'infinity'))
    WHERE s.customer_id = $1 AND s.subscription_id = $2
    RETURNING s.customer_id, s.subscription_id, s.ends
), unopened AS (
    DELETE FROM meterbook.open_period AS o USING ended AS e
    WHERE o.customer_id = e.customer_id AND o.subscription_id = e.subscription_id AND o.starts >= e.ends
)
UPDATE meterbook.meter_progress AS p SET due = p.until
FROM ended AS e
WHERE p.customer_id = e.customer_id AND p.subscription_id = e.subscription_id
