-- grain:  tax subtotals of the finalized invoices of a batch
-- params: binary COPY
-- locks:  none but the new rows
COPY meterbook.invoice_tax (
    customer_id, subscription_id, period_ends, kind, issue, place, treatment, country, region, category, percent, net, tax
) FROM STDIN (FORMAT binary)
