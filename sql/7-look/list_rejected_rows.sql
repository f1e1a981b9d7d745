-- grain:  one row a rejected row, by source, file and line
-- params: $1 source or NULL, $2 reason or NULL, $3 most rows
-- locks:  none
SELECT source, file, line, column_number, field, reason, found, expected, row_text, pull_id
FROM meterbook.rejected_row
WHERE ($1::text IS NULL OR source = $1) AND ($2::text IS NULL OR reason = $2)
ORDER BY source COLLATE "C", file COLLATE "C", line, reason COLLATE "C"
LIMIT $3
