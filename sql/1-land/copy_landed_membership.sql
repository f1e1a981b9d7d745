-- grain:  landed rows
-- params: binary COPY
-- locks:  none
COPY landed_membership (place, file_number, line, row_text, account_key, subscription_key, starts, ends) FROM STDIN (FORMAT binary)
