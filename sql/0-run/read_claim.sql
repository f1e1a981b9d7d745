-- grain:  one row
-- params: $1 run
-- locks:  none
-- A run is 'running' for as long as nobody has taken over from it: see bound_batch.
SELECT r.status = 'running' AS is_ours FROM meterbook.run AS r WHERE r.run_id = $1
