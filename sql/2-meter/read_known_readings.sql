-- grain:  one row a reading of some days and customers, in the order of the key
-- params: none: COPY; {first_day} to before {end}, {first_customer} to {last_customer}
-- locks:  none
COPY (
    SELECT day, customer_id, account_id, channel_id, meter_id, quantity, pull_id FROM meterbook.reading
    WHERE day >= {first_day} AND day < {end} AND customer_id >= {first_customer} AND customer_id <= {last_customer}
    ORDER BY day, customer_id, account_id, channel_id, meter_id
) TO STDOUT (FORMAT binary)
