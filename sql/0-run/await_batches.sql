-- grain:  the database
-- params: none
-- locks:  advisory lock 3, for a moment: waits for batches that a killed run left to commit or roll back
SELECT pg_advisory_lock(1296384075, 3), pg_advisory_unlock(1296384075, 3)
