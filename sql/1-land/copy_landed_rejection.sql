-- grain:  landed rejections
-- params: binary COPY
-- locks:  none
COPY landed_rejection (file, line, reason, column_number, field, found, expected, row_text) FROM STDIN (FORMAT binary)
