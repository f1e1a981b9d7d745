-- grain:  at most one run: how it came about, and how it compares with the runs around it
-- params: $1 run, $2 how many runs before it are compared with
-- locks:  none
-- Every run takes over what was left running, and only the run before it can have been.
SELECT r.origin, r.login, r.sessions_lost, o.run_id AS took_over, o.step AS took_over_in, n.run_id AS taken_over_by,
    (
        SELECT min(l.run_id) FROM meterbook.run AS l
        WHERE l.run_id > r.run_id AND l.job = r.job AND l.status IN ('succeeded', 'incomplete')
    ) AS done_by,
    u.runs AS usual_runs, u.usual, has_table_privilege('meterbook.hold', 'SELECT') AS sees_holds
FROM meterbook.run AS r
LEFT JOIN LATERAL (
    SELECT p.run_id, p.status, (
            SELECT s.name FROM meterbook.run_step AS s
            WHERE s.run_id = p.run_id AND s.status = 'abandoned' ORDER BY s.step DESC LIMIT 1
        ) AS step
    FROM meterbook.run AS p WHERE p.run_id < r.run_id ORDER BY p.run_id DESC LIMIT 1
) AS o ON o.status = 'abandoned'
LEFT JOIN LATERAL (
    SELECT p.run_id FROM meterbook.run AS p WHERE p.run_id > r.run_id ORDER BY p.run_id LIMIT 1
) AS n ON r.status = 'abandoned'
CROSS JOIN LATERAL (
    SELECT count(*) AS runs, percentile_disc(0.5) WITHIN GROUP (ORDER BY b.microseconds) AS usual
    FROM (
        SELECT (extract(epoch FROM p.ended_at - p.started_at) * 1000000)::bigint AS microseconds
        FROM meterbook.run AS p
        WHERE p.job = r.job AND p.run_id < r.run_id AND p.status IN ('succeeded', 'incomplete')
        ORDER BY p.run_id DESC LIMIT $2
    ) AS b
) AS u
WHERE r.run_id = $1
