-- grain:  landed readings that would change what was closed too long ago
-- params: $1 day on or before which such a period has ended
-- locks:  the temporary table alone
-- A reading that says what is known changes nothing, however old it is.
UPDATE landed_reading AS l
SET verdict = 'beyond_retention'
WHERE l.verdict IS NULL AND l.day < $1
    AND EXISTS (
        SELECT FROM meterbook.billing_period AS b
        WHERE b.customer_id = l.customer_id AND b.subscription_id = l.subscription_id AND b.starts <= l.day
            AND b.ends > l.day AND b.ends <= $1)
    AND NOT EXISTS (
        SELECT FROM meterbook.reading AS r
        WHERE r.day = l.day AND r.customer_id = l.customer_id AND r.account_id = l.account_id
            AND r.channel_id = l.channel_id AND r.meter_id = l.meter_id AND r.quantity = l.quantity)
