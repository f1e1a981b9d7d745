-- grain:  one pull
-- params: $1 run, $2 source, $3 feeds, $4 first day, $5 first day after
-- locks:  none but the new row
INSERT INTO meterbook.pull (run_id, source, feeds, from_day, to_day) VALUES ($1, $2, $3, $4, $5) RETURNING pull_id
