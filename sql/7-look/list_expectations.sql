-- grain:  one row a source of readings or intervals: what it should deliver, and how far it has come
-- params: none
-- locks:  none
SELECT e.source, e.feeds, e.every, e.from_day, e.late_days, e.stale_days, e.least_percent, e.on_gap,
    e.on_shrunk_day, e.on_unread_source, e.on_missing_channel,
    (SELECT min(d.day) FROM meterbook.source_day AS d WHERE d.source = e.source) AS first_day,
    (
        SELECT max(r.as_of) FROM meterbook.pull AS p JOIN meterbook.run AS r USING (run_id)
        WHERE p.source = e.source AND p.status IN ('succeeded', 'incomplete')
    ) AS last_read
FROM meterbook.source_expectation AS e
ORDER BY e.source COLLATE "C"
