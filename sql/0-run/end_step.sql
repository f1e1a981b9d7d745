-- grain:  one step of a run
-- params: $1 run, $2 step, $3 status, $4 detail as JSON
-- locks:  row lock on the step
-- Of a run that another has taken over from, that one has said so.
UPDATE meterbook.run_step SET status = $3, detail = $4::text::json, ended_at = clock_timestamp()
WHERE run_id = $1 AND step = $2 AND status = 'running'
