-- grain:  one row: whether the run is still the one that holds the books
-- params: $1 run
-- locks:  row locks on its pulls
-- What its lost session was pulling is pulled again, as another pull.
WITH pulls AS (
    UPDATE meterbook.pull SET status = 'abandoned' WHERE run_id = $1 AND status = 'running'
)
SELECT r.status = 'running' AS is_ours FROM meterbook.run AS r WHERE r.run_id = $1
