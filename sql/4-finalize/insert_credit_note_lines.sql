-- grain:  line of one credit note
-- params: $1 customer, $2 subscription, $3 date, $4 kind, $5 entry, $6 lines, $7 amounts
-- locks:  none but the new rows
INSERT INTO meterbook.credit_note_line (customer_id, subscription_id, period_ends, kind, entry, line, amount)
SELECT $1, $2, $3, $4::text::meterbook.invoice_kind, $5, n.line, n.amount
FROM unnest($6::smallint[], $7::bigint[]) AS n (line, amount)
