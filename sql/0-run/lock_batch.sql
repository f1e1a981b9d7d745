-- grain:  the database
-- params: none
-- locks:  advisory lock 3, shared, until the transaction ends
SELECT pg_advisory_xact_lock_shared(1296384075, 3)
