-- grain:  changed slices, one row each
-- params: binary COPY
-- locks:  none
COPY landed_change (customer_id, subscription_id, meter_id, start, quantity) FROM STDIN (FORMAT binary)
