-- grain:  one pull
-- params: $1 pull, $2 status, then the rows $3 read, $4 outside, $5 repeated, $6 merged, $7 rejected
-- locks:  row lock on the pull
UPDATE meterbook.pull
SET status = $2, rows_read = $3, rows_outside = $4, rows_repeated = $5, rows_merged = $6, rows_rejected = $7
WHERE pull_id = $1
