-- grain:  one step of a run
-- params: $1 run, $2 step, $3 name
-- locks:  none but the new row
-- Said twice, when the answer to the first time was lost, it is there once.
INSERT INTO meterbook.run_step (run_id, step, name) VALUES ($1, $2, $3)
ON CONFLICT (run_id, step) DO NOTHING
