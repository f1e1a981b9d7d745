-- grain:  one pull of a backfill
-- params: $1 pull, $2 backfill
-- locks:  none but the new row
INSERT INTO meterbook.backfill_pull (pull_id, backfill_id) VALUES ($1, $2)
