-- grain:  one run
-- params: $1 job, $2 as-of date, $3 program version
-- locks:  none but the new row
INSERT INTO meterbook.run (job, as_of, program_version) VALUES ($1, $2, $3) RETURNING run_id
