-- grain:  the database
-- params: none
-- locks:  advisory lock 2 of Meterbook, until the session ends: one migrator at a time
SELECT pg_advisory_lock(1296384075, 2)
