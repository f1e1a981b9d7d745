-- grain:  one row a chunk of a backfill that is done
-- params: $1 backfill
-- locks:  none
SELECT p.from_day, p.to_day, min(p.run_id) AS run_id
FROM meterbook.backfill_pull AS b
JOIN meterbook.pull AS p USING (pull_id)
WHERE b.backfill_id = $1 AND p.status IN ('succeeded', 'incomplete')
GROUP BY p.from_day, p.to_day
ORDER BY p.from_day
