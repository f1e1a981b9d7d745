-- grain:  landed rows of a range of places that are new
-- params: $1 first place, $2 first place after
-- locks:  none but the new rows
WITH chosen AS (
    SELECT * FROM landed_membership WHERE verdict IS NULL AND place >= $1 AND place < $2
), inserted AS (
    INSERT INTO meterbook.membership (customer_id, subscription_id, account_id, starts, ends)
    SELECT customer_id, subscription_id, account_id, starts, ends FROM chosen AS n
    WHERE NOT EXISTS (
        SELECT FROM meterbook.membership AS m WHERE m.account_id = n.account_id AND m.starts = n.starts)
    ORDER BY n.place
    RETURNING 1
)
SELECT (SELECT count(*) FROM chosen) AS taken, (SELECT count(*) FROM inserted) AS new
