-- grain:  rate of one credit note
-- params: $1 customer, $2 subscription, $3 date, $4 kind, $5 entry, $6 places, $7 nets, $8 taxes
-- locks:  none but the new rows
INSERT INTO meterbook.credit_note_tax (customer_id, subscription_id, period_ends, kind, entry, place, net, tax)
SELECT $1, $2, $3, $4::text::meterbook.invoice_kind, $5, n.place, n.net, n.tax
FROM unnest($6::smallint[], $7::bigint[], $8::bigint[]) AS n (place, net, tax)
