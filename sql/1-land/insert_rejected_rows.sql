-- grain:  one row a rejection that is not known yet
-- params: $1 source, $2 pull
-- locks:  none but the new rows
INSERT INTO meterbook.rejected_row
    (source, file, line, reason, column_number, field, found, expected, row_text, pull_id)
SELECT $1, file, line, reason, column_number, field, found, expected, row_text, $2
FROM landed_rejection
ON CONFLICT ON CONSTRAINT rejected_row_pk DO NOTHING
