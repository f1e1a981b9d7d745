-- grain:  at most one run
-- params: $1 run
-- locks:  none
SELECT run_id, job, as_of, status, exit_code, program_version, started_at, ended_at, summary::text AS summary,
    ARRAY(
        SELECT concat(f->>'step', ': ', f->>'message') FROM json_array_elements(summary->'failures') AS f
    ) AS failures
FROM meterbook.run WHERE run_id = $1
