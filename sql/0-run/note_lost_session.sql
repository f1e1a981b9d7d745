-- grain:  one run that goes on in another session
-- params: $1 run
-- locks:  row lock on the run
UPDATE meterbook.run SET sessions_lost = sessions_lost + 1 WHERE run_id = $1 AND status = 'running'
