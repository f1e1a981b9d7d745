-- grain:  at most one run
-- params: $1 run
-- locks:  none
SELECT run_id, job, as_of, status, exit_code, program_version, started_at, ended_at, summary::text AS summary
FROM meterbook.run WHERE run_id = $1
