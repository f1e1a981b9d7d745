-- grain:  one row
-- params: none
-- locks:  none
SELECT count(*) FROM landed_reading WHERE verdict = 'repeated'
