-- grain:  backfills of a run that ended well, and those of the same days that were begun before and given up
-- params: $1 backfills, $2 run
-- locks:  row locks on them
UPDATE meterbook.backfill AS b SET ended_by = $2
FROM meterbook.backfill AS o
WHERE o.backfill_id = ANY ($1::bigint[]) AND b.ended_by IS NULL AND b.source = o.source AND b.from_day = o.from_day
    AND b.to_day = o.to_day
