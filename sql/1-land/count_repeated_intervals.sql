-- grain:  one row
-- params: none
-- locks:  the temporary table alone
SELECT count(*) FROM landed_interval WHERE verdict = 'repeated'
