-- grain:  landed rows of a range of places that are known
-- params: $1 first place, $2 first place after, $3 pull
-- locks:  row locks on changed memberships and the progress of their subscriptions
WITH delta AS MATERIALIZED (
    SELECT m.account_id, m.starts, m.customer_id, m.subscription_id, m.ends AS known, m.pull_id AS known_pull,
        n.ends
    FROM meterbook.membership AS m
    JOIN landed_membership AS n ON m.account_id = n.account_id AND m.starts = n.starts
    WHERE n.verdict IS NULL AND n.place >= $1 AND n.place < $2 AND m.ends IS DISTINCT FROM n.ends
), superseded AS (
    INSERT INTO meterbook.membership_superseded
        (customer_id, subscription_id, account_id, starts, ends, pull_id, superseded_by)
    SELECT customer_id, subscription_id, account_id, starts, known, known_pull, $3 FROM delta
), moved AS (
    UPDATE meterbook.meter_progress AS p SET until = d.day, due = d.day
    FROM (
        SELECT customer_id, subscription_id, min(least(known, ends)) AS day FROM delta
        GROUP BY customer_id, subscription_id
    ) AS d
    WHERE p.customer_id = d.customer_id AND p.subscription_id = d.subscription_id AND p.until > d.day
)
UPDATE meterbook.membership AS m SET ends = d.ends, pull_id = $3
FROM delta AS d
WHERE m.account_id = d.account_id AND m.starts = d.starts
