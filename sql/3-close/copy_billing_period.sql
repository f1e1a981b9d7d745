-- grain:  closed periods of a batch
-- params: binary COPY
-- locks:  none but the new rows
COPY meterbook.billing_period (
    customer_id, subscription_id, ends, starts, number, catalog_id, watermark, engine, run_id, late_from) FROM STDIN (FORMAT binary)
