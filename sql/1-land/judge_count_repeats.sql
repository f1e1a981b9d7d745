-- grain:  landed counts that another row repeats
-- params: none
-- locks:  the temporary table alone
-- In one file the first row of an instant stands: another that says the same is a repeat, one that says otherwise
-- conflicts. Of several files the last one stands, instant by instant.
WITH numbered AS (
    SELECT place, file_number, line, quantity,
        first_value(place) OVER same_file AS first_place,
        first_value(quantity) OVER same_file AS first_quantity,
        max(file_number) OVER (PARTITION BY account_id, channel_id, meter_id, counted_at) AS last_file
    FROM landed_count
    WINDOW same_file AS (PARTITION BY account_id, channel_id, meter_id, counted_at, file_number ORDER BY place)
), judged AS (
    SELECT place,
        CASE
            WHEN place <> first_place AND quantity <> first_quantity THEN 'conflicting_duplicate'
            WHEN place <> first_place OR file_number <> last_file THEN 'repeated'
        END AS verdict
    FROM numbered
    WHERE place <> first_place OR file_number <> last_file
)
UPDATE landed_count AS l
SET verdict = j.verdict, found = l.quantity::text
FROM judged AS j
WHERE j.place = l.place
