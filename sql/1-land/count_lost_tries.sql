-- grain:  one row
-- params: $1 run, $2 source, $3 first day and $4 day after the last one, or NULL for no bound, $5 pull: the try that came to its end
-- locks:  none
-- A try whose session was lost has not been ended, and what it had committed the next one finds as known.
SELECT coalesce(sum(rows_new), 0)::bigint AS new, coalesce(sum(rows_changed), 0)::bigint AS changed
FROM meterbook.pull
WHERE run_id = $1 AND source = $2 AND from_day IS NOT DISTINCT FROM $3 AND to_day IS NOT DISTINCT FROM $4
    AND pull_id < $5 AND status = 'running'
