-- grain:  one row
-- params: none
-- locks:  none
SELECT count(*) FROM landed_count WHERE verdict = 'repeated'
