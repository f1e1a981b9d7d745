-- grain:  landed counts of days that add up to more than a day may count
-- params: $1 meters whose counts are added up, $2 the most that one of their readings may be
-- locks:  the temporary table alone
-- A sum is compared before it becomes a bigint, which it may leave.
WITH excess AS (
    SELECT l.day, l.customer_id, l.account_id, l.channel_id, l.meter_id, sum(l.quantity) AS quantity
    FROM landed_count AS l
    JOIN unnest($1::integer[], $2::bigint[]) AS most (meter_id, quantity) ON most.meter_id = l.meter_id
    WHERE l.verdict IS NULL
    GROUP BY l.day, l.customer_id, l.account_id, l.channel_id, l.meter_id, most.quantity
    HAVING sum(l.quantity) > most.quantity
)
UPDATE landed_count AS l
SET verdict = 'quantity_out_of_range', found = e.quantity::text
FROM excess AS e
WHERE l.verdict IS NULL AND l.day = e.day AND l.customer_id = e.customer_id AND l.account_id = e.account_id
    AND l.channel_id = e.channel_id AND l.meter_id = e.meter_id
