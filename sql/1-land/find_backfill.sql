-- grain:  at most one backfill: the last one of the same rows and days that has not ended
-- params: $1 source, $2 digest of its definition, $3 catalog or NULL, $4 first day, $5 first day after, $6 chunk
-- locks:  none
SELECT max(backfill_id) AS backfill_id FROM meterbook.backfill
WHERE ended_by IS NULL AND source = $1 AND definition_digest = $2 AND catalog_id IS NOT DISTINCT FROM $3::integer
    AND from_day = $4 AND to_day = $5 AND chunk = $6
