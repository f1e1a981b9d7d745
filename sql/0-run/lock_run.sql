-- grain:  the database
-- params: none
-- locks:  advisory lock 1 of Meterbook, until the session ends: one run at a time
SELECT pg_advisory_lock(1296384075, 1)
