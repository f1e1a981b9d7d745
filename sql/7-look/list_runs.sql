-- grain:  one row a run, the latest first
-- params: $1 most rows
-- locks:  none
SELECT run_id, job, as_of, status, exit_code, program_version, started_at, ended_at, summary::text AS summary
FROM meterbook.run ORDER BY run_id DESC LIMIT $1
