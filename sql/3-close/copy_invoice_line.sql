-- grain:  invoice lines of a batch
-- params: binary COPY
-- locks:  none but the new rows
COPY meterbook.invoice_line (
    customer_id, subscription_id, period_ends, kind, line, line_kind, price_id, service_starts, service_ends, quantity,
    counted_before, threshold, billable, amount, corrects_period_ends, corrects_line) FROM STDIN (FORMAT binary)
