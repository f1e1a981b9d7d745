-- grain:  landed rows
-- params: binary COPY
-- locks:  none
COPY landed_account (place, file_number, line, row_text, key, name) FROM STDIN (FORMAT binary)
