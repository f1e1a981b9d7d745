-- grain:  a landed customer row of a range of places that says other billing details than are known, with both
-- params: {first} first place, {after} first place after; binary COPY
-- locks:  none
-- A mail address alone begins no details, and of who was erased nothing is taken in.
COPY (
    SELECT n.place, n.key, n.said, n.legal_name, n.address, n.postal_code, n.city, n.region, n.country, n.tax_number,
        n.vat_country, n.po_number, n.email, n.language, n.tax_exempt,
        coalesce(d.version, 0) AS version, d.legal_name, d.address, d.postal_code, d.city, d.region, d.country,
        d.tax_number, d.vat_country, d.po_number,
        CASE WHEN d.version IS NULL THEN a.email ELSE d.email END AS known_email, d.language, d.tax_exempt
    FROM landed_customer AS n
    LEFT JOIN meterbook.customer AS c ON c.key = n.key
    LEFT JOIN LATERAL (
        SELECT * FROM meterbook.billing_detail AS v
        WHERE v.customer_id = c.customer_id ORDER BY v.version DESC LIMIT 1
    ) AS d ON true
    LEFT JOIN meterbook.customer_contact AS a ON a.customer_id = c.customer_id
    WHERE n.verdict IS NULL AND n.place >= {first} AND n.place < {after} AND n.said <> 0 AND d.erased_on IS NULL AND (
        (n.said & 1 <> 0 AND n.legal_name IS DISTINCT FROM d.legal_name)
        OR (n.said & 2 <> 0 AND n.address IS DISTINCT FROM d.address)
        OR (n.said & 4 <> 0 AND n.postal_code IS DISTINCT FROM d.postal_code)
        OR (n.said & 8 <> 0 AND n.city IS DISTINCT FROM d.city)
        OR (n.said & 16 <> 0 AND n.region IS DISTINCT FROM d.region)
        OR (n.said & 32 <> 0 AND n.country IS DISTINCT FROM d.country)
        OR (n.said & 64 <> 0 AND n.tax_number IS DISTINCT FROM d.tax_number)
        OR (n.said & 128 <> 0 AND n.po_number IS DISTINCT FROM d.po_number)
        OR (n.said & 256 <> 0 AND n.language IS DISTINCT FROM d.language)
        OR (n.said & 512 <> 0 AND n.tax_exempt IS DISTINCT FROM d.tax_exempt)
        OR (n.said & 1024 <> 0 AND d.version IS NOT NULL AND n.email IS DISTINCT FROM d.email))
    ORDER BY n.place
) TO STDOUT (FORMAT binary)
