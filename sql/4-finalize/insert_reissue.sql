-- grain:  one issue of an invoice that took the place of the one before it
-- params: $1 customer, $2 subscription, $3 date, $4 kind, $5 issue, $6 as-of date, $7 reason, $8 author, $9 run
-- locks:  none but the new row
INSERT INTO meterbook.reissued_invoice
    (customer_id, subscription_id, period_ends, kind, issue, reissued_on, reason, author, run_id)
VALUES ($1, $2, $3, $4::text::meterbook.invoice_kind, $5, $6, $7, $8, $9)
