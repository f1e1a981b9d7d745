-- grain:  one run
-- params: $1 job, $2 as-of date, $3 program version, $4 what started it or NULL
-- locks:  none but the new row
INSERT INTO meterbook.run (job, as_of, program_version, origin) VALUES ($1, $2, $3, $4) RETURNING run_id
