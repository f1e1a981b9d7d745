-- grain:  the database
-- params: none
-- locks:  advisory lock 5, until the transaction ends: of the workers of a pull one at a time writes
SELECT pg_advisory_xact_lock(1296384075, 5)
