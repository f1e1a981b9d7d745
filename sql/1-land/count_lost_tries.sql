-- grain:  one row
-- params: $1 run, $2 source, $3 first day and $4 day after the last one, or NULL for no bound, $5 pull: the try that came to its end
-- locks:  none
-- A try whose session was lost has not been ended, and what it had committed the next one finds as known. Those before the
-- last pull that has ended belong to that one: a job may pull a source twice.
SELECT coalesce(sum(p.rows_new), 0)::bigint AS new, coalesce(sum(p.rows_changed), 0)::bigint AS changed
FROM meterbook.pull AS p
WHERE p.run_id = $1 AND p.source = $2 AND p.from_day IS NOT DISTINCT FROM $3 AND p.to_day IS NOT DISTINCT FROM $4
    AND p.pull_id < $5 AND p.status = 'running'
    AND NOT EXISTS (
        SELECT FROM meterbook.pull AS e
        WHERE e.run_id = p.run_id AND e.source = p.source AND e.from_day IS NOT DISTINCT FROM $3
            AND e.to_day IS NOT DISTINCT FROM $4 AND e.pull_id > p.pull_id AND e.pull_id < $5 AND e.status <> 'running')
