-- grain:  landed totals
-- params: binary COPY
-- locks:  none
COPY landed_total (customer_id, subscription_id, meter_id, start, ends, quantity) FROM STDIN (FORMAT binary)
