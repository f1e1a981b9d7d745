-- grain:  one row
-- params: none
-- locks:  the temporary table alone
SELECT count(*) FROM landed_customer WHERE verdict = 'repeated'
