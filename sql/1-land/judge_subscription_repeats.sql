-- grain:  landed subscription rows that another row repeats
-- params: none
-- locks:  the temporary table alone
-- In one file the first row of a key stands: another that says the same is a repeat, one that says otherwise conflicts.
-- Of several files the last one stands.
WITH numbered AS (
    SELECT place, file_number, key,
        first_value(place) OVER same_file AS first_place,
        max(file_number) OVER (PARTITION BY key) AS last_file,
        count(*) OVER (PARTITION BY key) AS occurrences
    FROM landed_subscription
    WHERE verdict IS NULL
    WINDOW same_file AS (PARTITION BY key, file_number ORDER BY place)
), judged AS (
    SELECT n.place,
        CASE
            WHEN n.place <> n.first_place
                AND ROW(l.customer_key, l.said_plan_id, l.anchor, l.signed_up, l.starts, l.ends, l.said_pays_every, l.currency, l.time_zone, l.time_zone_from, l.change_at) IS DISTINCT FROM ROW(f.customer_key, f.said_plan_id, f.anchor, f.signed_up, f.starts, f.ends, f.said_pays_every, f.currency, f.time_zone, f.time_zone_from, f.change_at)
                THEN 'conflicting_duplicate'
            WHEN n.place <> n.first_place OR n.file_number <> n.last_file THEN 'repeated'
        END AS verdict,
        f.line AS first_line
    FROM numbered AS n
    JOIN landed_subscription AS l ON l.place = n.place
    JOIN landed_subscription AS f ON f.place = n.first_place
    WHERE n.occurrences > 1
)
UPDATE landed_subscription AS l
SET verdict = j.verdict, field = 'subscription', found = 'line ' || j.first_line
FROM judged AS j
WHERE j.place = l.place AND j.verdict IS NOT NULL
