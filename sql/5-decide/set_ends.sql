-- grain:  one subscription
-- params: $1 customer, $2 subscription, $3 the day before which its last period begins, or NULL for no end, $4 run
-- locks:  row locks on it and on how far it has been totalled
-- The source has not heard of it, and says nothing new when it goes on naming the end before.
WITH superseded AS (
    INSERT INTO meterbook.subscription_superseded
        (customer_id, subscription_id, superseded_by, ends, contract, coupon, coupon_from)
    SELECT customer_id, subscription_id, $4, ends, contract, coupon, coupon_from FROM meterbook.subscription
    WHERE customer_id = $1 AND subscription_id = $2 AND ends IS DISTINCT FROM $3
    ON CONFLICT (customer_id, subscription_id, superseded_by) DO NOTHING
), ended AS (
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
