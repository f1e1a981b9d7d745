-- grain:  one row a step of a run
-- params: $1 run
-- locks:  none
SELECT step, name, status, detail::text AS detail, started_at, ended_at FROM meterbook.run_step WHERE run_id = $1 ORDER BY step
