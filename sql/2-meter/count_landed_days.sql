-- grain:  one row a day
-- params: none
-- locks:  none
SELECT day, count(*) AS readings, sum(quantity)::text AS quantity
FROM landed_reading WHERE verdict IS NULL GROUP BY day ORDER BY day
