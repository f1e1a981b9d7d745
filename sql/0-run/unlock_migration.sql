-- grain:  the database
-- params: none
-- locks:  releases advisory lock 2
SELECT pg_advisory_unlock(1296384075, 2)
