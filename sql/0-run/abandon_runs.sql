-- grain:  runs, steps and pulls that were left running
-- params: none: the caller holds the run lock, so nothing of them is alive
-- locks:  row locks on them
WITH steps AS (
    UPDATE meterbook.run_step SET status = 'abandoned', ended_at = clock_timestamp() WHERE status = 'running'
), pulls AS (
    UPDATE meterbook.pull SET status = 'abandoned' WHERE status = 'running'
)
UPDATE meterbook.run SET status = 'abandoned', ended_at = clock_timestamp() WHERE status = 'running'
