-- grain:  one row
-- params: $1 backfills, $2 run
-- locks:  none
-- The meter step of a run names the last pull that there is, whoever made it, so those of all runs belong to it.
SELECT ARRAY(SELECT b.pull_id FROM meterbook.backfill_pull AS b WHERE b.backfill_id = ANY ($1::bigint[])) AS own,
    ARRAY(
        SELECT p.pull_id FROM meterbook.pull AS p
        WHERE p.run_id = $2 OR p.run_id IN (
            SELECT o.run_id FROM meterbook.backfill_pull AS b JOIN meterbook.pull AS o USING (pull_id)
            WHERE b.backfill_id = ANY ($1::bigint[]))
        UNION
        SELECT max(p.pull_id) FROM meterbook.pull AS p HAVING max(p.pull_id) IS NOT NULL
    ) AS of_runs
