-- grain:  landed rows of a range of places
-- params: $1 first place, $2 first place after
-- locks:  row locks on changed accounts
WITH chosen AS (
    SELECT place, key, name FROM landed_account WHERE verdict IS NULL AND place >= $1 AND place < $2
), inserted AS (
    INSERT INTO meterbook.account (key, name)
    SELECT n.key, n.name FROM chosen AS n
    WHERE NOT EXISTS (SELECT FROM meterbook.account AS a WHERE a.key = n.key)
    ORDER BY n.place
    RETURNING 1
), updated AS (
    UPDATE meterbook.account AS a SET name = n.name FROM chosen AS n
    WHERE a.key = n.key AND a.name <> n.name
    RETURNING 1
)
SELECT (SELECT count(*) FROM chosen) AS taken, (SELECT count(*) FROM inserted) AS new,
    (SELECT count(*) FROM updated) AS changed
