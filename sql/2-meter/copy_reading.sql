-- grain:  readings of which none is known
-- params: binary COPY
-- locks:  none but those of new rows
COPY meterbook.reading (day, customer_id, account_id, channel_id, meter_id, quantity, pull_id) FROM STDIN (FORMAT binary)
