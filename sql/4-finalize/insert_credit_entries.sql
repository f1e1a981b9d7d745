-- grain:  entry in the books of a customer's credit
-- params: $1 customers, $2 currencies, $3 entries, $4 amounts, $5 balances, $6 origins, $7 subscriptions, $8 dates of their invoices, $9 kinds, $10 credit notes, 0 for none, $11 day, $12 run, $13 issues
-- locks:  none but the new rows
INSERT INTO meterbook.credit_entry (
    customer_id, currency, entry, amount, balance, origin, subscription_id, period_ends, kind, credit_note, entered_on,
    run_id, issue)
SELECT n.customer_id, n.currency, n.entry, n.amount, n.balance, n.origin, n.subscription_id, n.period_ends,
    n.kind::meterbook.invoice_kind, nullif(n.credit_note, 0), $11, $12, n.issue
FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::date[], $9::text[], $10::integer[], $13::smallint[])
    AS n (customer_id, currency, entry, amount, balance, origin, subscription_id, period_ends, kind, credit_note, issue)
