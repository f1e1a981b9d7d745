-- grain:  one row a cut
-- params: none
-- locks:  none
SELECT day FROM meterbook.total_cut ORDER BY day
