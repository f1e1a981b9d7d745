-- grain:  one backfill
-- params: $1 source, $2 digest of its definition, $3 catalog or NULL, $4 first day, $5 first day after, $6 chunk, $7 run
-- locks:  none but the new row
INSERT INTO meterbook.backfill (source, definition_digest, catalog_id, from_day, to_day, chunk, run_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING backfill_id
