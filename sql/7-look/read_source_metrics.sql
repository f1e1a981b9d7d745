-- grain:  one row a source and what it feeds: its last reading, and when one last came to its end
-- params: none
-- locks:  none
SELECT l.source, l.feeds, l.rows_new, l.rows_changed, l.rows_unchanged, l.rows_repeated, l.rows_merged, l.rows_outside,
    l.rows_rejected, g.done_at
FROM (
    SELECT DISTINCT ON (source, feeds) source, feeds, rows_new, rows_changed, rows_unchanged, rows_repeated, rows_merged,
        rows_outside, rows_rejected
    FROM meterbook.pull
    WHERE status <> 'running'
    ORDER BY source, feeds, pull_id DESC
) AS l
LEFT JOIN (
    SELECT p.source, p.feeds, max(r.started_at) AS done_at
    FROM meterbook.pull AS p
    JOIN meterbook.run AS r USING (run_id)
    WHERE p.status IN ('succeeded', 'incomplete')
    GROUP BY p.source, p.feeds
) AS g ON g.source = l.source AND g.feeds = l.feeds
ORDER BY l.source COLLATE "C", l.feeds COLLATE "C"
