-- grain:  landed rows of a range of places
-- params: $1 first place, $2 first place after
-- locks:  row locks on changed customers and their addresses
-- A row that says nothing of an address leaves the one that is known; one that says that there is none takes it away.
WITH chosen AS (
    SELECT place, key, name, has_email, email FROM landed_customer
    WHERE verdict IS NULL AND place >= $1 AND place < $2
), inserted AS (
    INSERT INTO meterbook.customer (key, name)
    SELECT n.key, n.name FROM chosen AS n
    WHERE NOT EXISTS (SELECT FROM meterbook.customer AS c WHERE c.key = n.key)
    ORDER BY n.place
    RETURNING customer_id, key
), updated AS (
    UPDATE meterbook.customer AS c SET name = n.name FROM chosen AS n
    WHERE c.key = n.key AND c.name <> n.name
    RETURNING c.customer_id
), reached AS (
    INSERT INTO meterbook.customer_contact AS a (customer_id, email)
    SELECT k.customer_id, n.email
    FROM chosen AS n
    JOIN (
        SELECT customer_id, key FROM inserted
        UNION ALL
        SELECT c.customer_id, c.key FROM meterbook.customer AS c
    ) AS k ON k.key = n.key
    WHERE n.email IS NOT NULL
    ORDER BY k.customer_id
    ON CONFLICT (customer_id) DO UPDATE SET email = excluded.email WHERE a.email <> excluded.email
    RETURNING a.customer_id
), erased AS (
    DELETE FROM meterbook.customer_contact AS a USING chosen AS n, meterbook.customer AS c
    WHERE n.has_email AND n.email IS NULL AND c.key = n.key AND a.customer_id = c.customer_id
    RETURNING a.customer_id
)
SELECT (SELECT count(*) FROM chosen) AS taken, (SELECT count(*) FROM inserted) AS new,
    (SELECT count(*) FROM (
        SELECT customer_id FROM updated UNION SELECT customer_id FROM reached UNION SELECT customer_id FROM erased
        EXCEPT SELECT customer_id FROM inserted
    ) AS x) AS changed
