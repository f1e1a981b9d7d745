-- grain:  landed rows of a range of places that are new
-- params: $1 first place, $2 first place after, $3 pull
-- locks:  the new rows, and row locks on the progress of their subscriptions
WITH chosen AS (
    SELECT * FROM landed_membership WHERE verdict IS NULL AND place >= $1 AND place < $2
), inserted AS (
    INSERT INTO meterbook.membership (customer_id, subscription_id, account_id, starts, ends, pull_id)
    SELECT customer_id, subscription_id, account_id, starts, ends, $3 FROM chosen AS n
    WHERE NOT EXISTS (
        SELECT FROM meterbook.membership AS m WHERE m.account_id = n.account_id AND m.starts = n.starts)
    ORDER BY n.place
    RETURNING customer_id, subscription_id, starts
), moved AS (
    UPDATE meterbook.meter_progress AS p SET until = n.day, due = n.day
    FROM (
        SELECT customer_id, subscription_id, min(starts) AS day FROM inserted GROUP BY customer_id, subscription_id
    ) AS n
    WHERE p.customer_id = n.customer_id AND p.subscription_id = n.subscription_id AND p.until > n.day
)
SELECT (SELECT count(*) FROM chosen) AS taken, (SELECT count(*) FROM inserted) AS new
