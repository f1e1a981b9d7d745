-- grain:  landed rows
-- params: binary COPY
-- locks:  none
COPY landed_customer (place, file_number, line, row_text, key, name, has_email, email) FROM STDIN (FORMAT binary)
