-- grain:  what invoices of a batch lack
-- params: binary COPY
-- locks:  none but the new rows
COPY meterbook.invoice_gap (
    customer_id, subscription_id, period_ends, kind, place, gap, source, account_id, channel_id, first_day, last_day, days
) FROM STDIN (FORMAT binary)
