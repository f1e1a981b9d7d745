-- grain:  landed rows
-- params: binary COPY
-- locks:  none
COPY landed_interval (
    place, file_number, line, row_text, account_key, channel_key, meter_id, on_at, on_is_local, off_at, off_is_local,
    off_is_later, category) FROM STDIN (FORMAT binary)
