-- grain:  sources of readings and intervals, each with the day on which it was last read
-- params: none
-- locks:  none
-- A source of which nobody wants to know what is missing is none of them.
SELECT p.source, max(r.as_of) AS as_of
FROM meterbook.source_expectation AS e
JOIN meterbook.pull AS p USING (source)
JOIN meterbook.run AS r USING (run_id)
WHERE e.on_unread_source <> 'ignore' AND p.feeds IN ('readings', 'intervals') AND p.status IN ('succeeded', 'incomplete')
GROUP BY p.source
ORDER BY p.source COLLATE "C"
