-- grain:  finalized invoices of a batch
-- params: binary COPY
-- locks:  none but the new rows
COPY meterbook.finalized_invoice (
    customer_id, subscription_id, period_ends, kind, series_id, number, label, issued_on, digest, run_id
) FROM STDIN (FORMAT binary)
