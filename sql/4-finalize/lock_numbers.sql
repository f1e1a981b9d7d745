-- grain:  the database
-- params: none
-- locks:  advisory lock 4, until the transaction ends: one session at a time gives numbers
SELECT pg_advisory_xact_lock(1296384075, 4)
