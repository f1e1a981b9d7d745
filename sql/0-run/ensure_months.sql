-- grain:  the monthly partitions of one table
-- params: $1 table, $2 first day, $3 first day after
-- locks:  ACCESS EXCLUSIVE on the table, only while a partition is added
SELECT meterbook.ensure_months($1, $2, $3) AS made
