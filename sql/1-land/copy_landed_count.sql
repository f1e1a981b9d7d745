-- grain:  landed rows
-- params: binary COPY
-- locks:  none
COPY landed_count (
    place, file_number, line, counted_at, day, customer_id, subscription_id, account_id, channel_id, meter_id, slice_start,
    quantity) FROM STDIN (FORMAT binary)
