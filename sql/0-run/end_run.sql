-- grain:  one run
-- params: $1 run, $2 status, $3 exit code, $4 summary as JSON
-- locks:  row lock on the run
-- Of a run that another has taken over from, that one has said so.
UPDATE meterbook.run SET status = $2, exit_code = $3, summary = $4::text::json, ended_at = clock_timestamp()
WHERE run_id = $1 AND status = 'running'
