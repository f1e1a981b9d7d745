-- grain:  invoices of a batch
-- params: binary COPY
-- locks:  none but the new rows
COPY meterbook.invoice (
    customer_id, subscription_id, period_ends, kind, currency, total, line_count) FROM STDIN (FORMAT binary)
