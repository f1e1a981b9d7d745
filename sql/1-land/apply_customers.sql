-- grain:  landed rows of a range of places
-- params: $1 first place, $2 first place after
-- locks:  row locks on changed customers
WITH chosen AS (
    SELECT place, key, name FROM landed_customer WHERE verdict IS NULL AND place >= $1 AND place < $2
), inserted AS (
    INSERT INTO meterbook.customer (key, name)
    SELECT n.key, n.name FROM chosen AS n
    WHERE NOT EXISTS (SELECT FROM meterbook.customer AS c WHERE c.key = n.key)
    ORDER BY n.place
    RETURNING 1
), updated AS (
    UPDATE meterbook.customer AS c SET name = n.name FROM chosen AS n
    WHERE c.key = n.key AND c.name <> n.name
    RETURNING 1
)
SELECT (SELECT count(*) FROM chosen) AS taken, (SELECT count(*) FROM inserted) AS new,
    (SELECT count(*) FROM updated) AS changed
