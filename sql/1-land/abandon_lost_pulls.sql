-- grain:  pulls of one run whose sessions were lost
-- params: $1 run: none of its workers is alive any more
-- locks:  row locks on them
UPDATE meterbook.pull SET status = 'abandoned' WHERE run_id = $1 AND status = 'running'
