-- grain:  sources of readings and intervals, each with the day on which it was last read
-- params: none
-- locks:  none
SELECT p.source, max(r.as_of) AS as_of
FROM meterbook.pull AS p JOIN meterbook.run AS r USING (run_id)
WHERE p.feeds IN ('readings', 'intervals') AND p.status IN ('succeeded', 'incomplete')
GROUP BY p.source
ORDER BY p.source COLLATE "C"
