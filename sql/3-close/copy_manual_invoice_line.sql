-- grain:  invoice lines of a batch that people have added
-- params: binary COPY
-- locks:  none but the new rows
-- Apart from the others, which so need not say that they have no manual line.
COPY meterbook.invoice_line (
    customer_id, subscription_id, period_ends, kind, line, line_kind, service_starts, service_ends, quantity,
    counted_before, threshold, billable, amount, manual_line) FROM STDIN (FORMAT binary)
