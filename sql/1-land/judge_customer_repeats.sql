-- grain:  landed customer rows that another row repeats
-- params: none
-- locks:  the temporary table alone
-- In one file the first row of a key stands: another that says the same is a repeat, one that says otherwise conflicts.
-- Of several files the last one stands.
WITH numbered AS (
    SELECT place, file_number, key,
        first_value(place) OVER same_file AS first_place,
        max(file_number) OVER (PARTITION BY key) AS last_file,
        count(*) OVER (PARTITION BY key) AS occurrences
    FROM landed_customer
    WHERE verdict IS NULL
    WINDOW same_file AS (PARTITION BY key, file_number ORDER BY place)
), judged AS (
    SELECT n.place,
        CASE
            WHEN n.place <> n.first_place
                AND ROW(l.name, l.email, l.said, l.legal_name, l.address, l.postal_code, l.city, l.region, l.country,
                    l.tax_number, l.po_number, l.language, l.tax_exempt)
                IS DISTINCT FROM ROW(f.name, f.email, f.said, f.legal_name, f.address, f.postal_code, f.city, f.region,
                    f.country, f.tax_number, f.po_number, f.language, f.tax_exempt)
                THEN 'conflicting_duplicate'
            WHEN n.place <> n.first_place OR n.file_number <> n.last_file THEN 'repeated'
        END AS verdict,
        f.line AS first_line
    FROM numbered AS n
    JOIN landed_customer AS l ON l.place = n.place
    JOIN landed_customer AS f ON f.place = n.first_place
    WHERE n.occurrences > 1
)
UPDATE landed_customer AS l
SET verdict = j.verdict, field = 'customer', found = 'line ' || j.first_line
FROM judged AS j
WHERE j.place = l.place AND j.verdict IS NOT NULL
