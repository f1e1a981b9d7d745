-- grain:  one row a run, with the catalogs that it could know
-- params: $1 last run
-- locks:  none
-- Only one run works at a time, so what was applied when it began is what there was.
SELECT r.run_id, r.as_of,
    (
        SELECT coalesce(array_agg(c.catalog_id ORDER BY c.catalog_id), '{}') FROM meterbook.catalog AS c
        WHERE c.applied_at <= r.started_at
    ) AS catalogs
FROM meterbook.run AS r
WHERE r.run_id <= $1
