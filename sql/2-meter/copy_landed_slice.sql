-- grain:  slices of divided totals
-- params: binary COPY
-- locks:  none
COPY landed_slice (customer_id, subscription_id, start, until) FROM STDIN (FORMAT binary)
