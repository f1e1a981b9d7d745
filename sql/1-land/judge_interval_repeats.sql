-- grain:  landed interval rows that another row repeats
-- params: none
-- locks:  the temporary table alone
-- In one file the first row of a key stands: another that says the same is a repeat, one that says otherwise conflicts.
-- Of several files the last one stands.
WITH numbered AS (
    SELECT place, file_number,
        first_value(place) OVER same_file AS first_place,
        max(file_number) OVER (PARTITION BY account_id, channel_key, meter_id, on_at) AS last_file,
        count(*) OVER (PARTITION BY account_id, channel_key, meter_id, on_at) AS occurrences
    FROM landed_interval
    WHERE verdict IS NULL
    WINDOW same_file AS (PARTITION BY account_id, channel_key, meter_id, on_at, file_number ORDER BY place)
), judged AS (
    SELECT n.place,
        CASE
            WHEN n.place <> n.first_place
                AND ROW(l.off_at, l.off_is_later, l.category)
                    IS DISTINCT FROM ROW(f.off_at, f.off_is_later, f.category)
                THEN 'conflicting_duplicate'
            WHEN n.place <> n.first_place OR n.file_number <> n.last_file THEN 'repeated'
        END AS verdict,
        f.line AS first_line
    FROM numbered AS n
    JOIN landed_interval AS l ON l.place = n.place
    JOIN landed_interval AS f ON f.place = n.first_place
    WHERE n.occurrences > 1
)
UPDATE landed_interval AS l
SET verdict = j.verdict, field = 'on', found = 'line ' || j.first_line
FROM judged AS j
WHERE j.place = l.place AND j.verdict IS NOT NULL
