-- grain:  one credit note
-- params: $1 customer, $2 subscription, $3 date, $4 kind, $5 entry, $6 series, $7 number, $8 label, $9 day, $10 net, $11 tax, $12 gross, $13 off what is due, $14 carried, $15 refunded, $16 reason, $17 author, $18 digest, $19 run, $20 issue
-- locks:  none but the new row
INSERT INTO meterbook.credit_note (
    customer_id, subscription_id, period_ends, kind, entry, series_id, number, label, issued_on, net, tax, gross, off_due,
    carried, refunded, reason, author, digest, run_id, issue)
VALUES (
    $1, $2, $3, $4::text::meterbook.invoice_kind, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
