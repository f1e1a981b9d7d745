-- grain:  one row a run, the latest first
-- params: $1 most rows
-- locks:  none
SELECT run_id, job, as_of, status, exit_code, program_version, started_at, ended_at, summary::text AS summary,
    ARRAY(
        SELECT concat(f->>'step', ': ', f->>'message') FROM json_array_elements(summary->'failures') AS f
    ) AS failures
FROM meterbook.run ORDER BY run_id DESC LIMIT $1
