-- grain:  landed rows of a range of places
-- params: $1 first place, $2 first place after, $3 the day that the run takes for today, $4 run
-- locks:  row locks on changed customers and their addresses
-- A row that says nothing of an address leaves the one that is known; one that says that there is none takes it away. Of
-- whom personal data was erased, sources change nothing: else the next night would bring it back.
WITH taken AS (
    SELECT place, key, name, has_email, email FROM landed_customer
    WHERE verdict IS NULL AND place >= $1 AND place < $2
), gone AS (
    SELECT c.key FROM meterbook.billing_detail AS d
    JOIN meterbook.customer AS c ON c.customer_id = d.customer_id
    WHERE d.erased_on IS NOT NULL AND NOT EXISTS (
        SELECT FROM meterbook.billing_detail AS l WHERE l.customer_id = d.customer_id AND l.version > d.version)
), chosen AS (
    SELECT t.place, t.key, t.name, t.has_email, t.email FROM taken AS t
    WHERE NOT EXISTS (SELECT FROM gone AS g WHERE g.key = t.key)
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
), known AS NOT MATERIALIZED (
    SELECT customer_id, key FROM inserted
    UNION ALL
    SELECT c.customer_id, c.key FROM meterbook.customer AS c
), reached AS (
    INSERT INTO meterbook.customer_contact AS a (customer_id, email)
    SELECT k.customer_id, n.email
    FROM chosen AS n
    JOIN known AS k ON k.key = n.key
    WHERE n.email IS NOT NULL
    ORDER BY k.customer_id
    ON CONFLICT (customer_id) DO UPDATE SET email = excluded.email WHERE a.email <> excluded.email
    RETURNING a.customer_id
), forgotten AS (
    DELETE FROM meterbook.customer_contact AS a USING chosen AS n, meterbook.customer AS c
    WHERE n.has_email AND n.email IS NULL AND c.key = n.key AND a.customer_id = c.customer_id
    RETURNING a.customer_id
), salted AS MATERIALIZED (
    SELECT k.customer_id, d.version, d.legal_name, d.address, d.postal_code, d.city, d.region, d.country, d.tax_number,
        d.vat_country, d.po_number, d.email, d.language, d.tax_exempt,
        uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) AS salt
    FROM landed_detail AS d
    JOIN known AS k ON k.key = d.key
    WHERE d.place >= $1 AND d.place < $2
), detailed AS (
    INSERT INTO meterbook.billing_detail
        (customer_id, version, legal_name, address, postal_code, city, region, country, tax_number, vat_country,
        po_number, email, language, tax_exempt, recorded_on, run_id, salt, digest)
    SELECT s.customer_id, s.version, s.legal_name, s.address, s.postal_code, s.city, s.region, s.country, s.tax_number,
        s.vat_country, s.po_number, s.email, s.language, s.tax_exempt, $3, $4, s.salt,
        meterbook.detail_digest(
            s.salt, s.legal_name, s.address, s.postal_code, s.city, s.region, s.country, s.tax_number, s.vat_country,
            s.po_number, s.email, s.language, s.tax_exempt)
    FROM salted AS s
    ORDER BY s.customer_id
    RETURNING customer_id
)
SELECT (SELECT count(*) FROM taken) AS taken, (SELECT count(*) FROM inserted) AS new,
    (SELECT count(*) FROM (
        SELECT customer_id FROM updated UNION SELECT customer_id FROM reached UNION SELECT customer_id FROM forgotten
        UNION SELECT customer_id FROM detailed
        EXCEPT SELECT customer_id FROM inserted
    ) AS x) AS changed
