-- grain:  one row a source and a reason for which the pulls of a run were the first to reject rows
-- params: $1 run
-- locks:  none
SELECT r.source, r.reason, count(*) AS rows
FROM meterbook.rejected_row AS r
WHERE r.pull_id IN (SELECT p.pull_id FROM meterbook.pull AS p WHERE p.run_id = $1)
GROUP BY r.source, r.reason
ORDER BY r.source COLLATE "C", rows DESC, r.reason COLLATE "C"
