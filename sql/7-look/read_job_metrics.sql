-- grain:  one row a job: its last run that has ended, and when it last came to its end
-- params: none
-- locks:  none
SELECT l.job, l.exit_code, l.started_at, l.ended_at, g.succeeded_at, g.done_at
FROM (
    SELECT DISTINCT ON (job) job, exit_code, started_at, ended_at FROM meterbook.run
    WHERE status <> 'running'
    ORDER BY job, run_id DESC
) AS l
LEFT JOIN (
    SELECT job, max(ended_at) FILTER (WHERE exit_code = 0) AS succeeded_at, max(ended_at) AS done_at
    FROM meterbook.run
    WHERE exit_code IN (0, 65)
    GROUP BY job
) AS g ON g.job = l.job
ORDER BY l.job COLLATE "C"
