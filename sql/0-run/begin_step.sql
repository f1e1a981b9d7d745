-- grain:  one step of a run
-- params: $1 run, $2 step, $3 name
-- locks:  none but the new row
INSERT INTO meterbook.run_step (run_id, step, name) VALUES ($1, $2, $3)
