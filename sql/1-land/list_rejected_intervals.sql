-- grain:  landed interval rows that were judged unfit
-- params: none
-- locks:  the temporary table alone
SELECT file_number, line, verdict, coalesce(field, ''), coalesce(found, ''), row_text FROM landed_interval
WHERE verdict IS NOT NULL AND verdict <> 'repeated' ORDER BY place
