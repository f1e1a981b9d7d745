-- grain:  finalized invoices of a batch
-- params: binary COPY
-- locks:  none but the new rows
COPY meterbook.finalized_invoice (
    customer_id, subscription_id, period_ends, kind, issue, series_id, number, label, issued_on,
    net, tax, gross, tax_notes, seller_number, details_version, details_digest, catalog_id, digest, run_id
) FROM STDIN (FORMAT binary)
