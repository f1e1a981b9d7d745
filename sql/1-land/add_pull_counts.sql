-- grain:  one pull
-- params: $1 pull, then what a chunk added: $2 new, $3 changed, $4 unchanged
-- locks:  row lock on the pull
-- One that is not 'running' any more belongs to a run that another has taken the books from.
UPDATE meterbook.pull SET rows_new = rows_new + $2, rows_changed = rows_changed + $3, rows_unchanged = rows_unchanged + $4
WHERE pull_id = $1 AND status = 'running'
