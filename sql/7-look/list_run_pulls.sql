-- grain:  one row a pull of a run
-- params: $1 run
-- locks:  none
SELECT pull_id, source, feeds, status, rows_read, rows_outside, rows_new, rows_changed, rows_unchanged, rows_repeated,
    rows_merged, rows_rejected, not_modified
FROM meterbook.pull WHERE run_id = $1 ORDER BY pull_id
