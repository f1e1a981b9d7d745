-- grain:  reasons for which invoices of a batch are held
-- params: $1 customers, $2 subscriptions, $3 dates, $4 kinds, $5 reasons, $6 subjects, $7 figures, $8 bounds, $9 details, $10 as-of date, $11 run
-- locks:  none but the rows
-- Only what is tried again can stand there already.
INSERT INTO meterbook.invoice_hold
    (customer_id, subscription_id, period_ends, kind, reason, subject, figure, bound, detail, held_on, run_id)
SELECT n.customer_id, n.subscription_id, n.period_ends, n.kind::meterbook.invoice_kind, n.reason, n.subject,
    n.figure::numeric, n.bound::numeric, n.detail, $10, $11
FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    AS n (customer_id, subscription_id, period_ends, kind, reason, subject, figure, bound, detail)
ON CONFLICT ON CONSTRAINT invoice_hold_pk DO UPDATE
    SET figure = excluded.figure, bound = excluded.bound, detail = excluded.detail
    WHERE invoice_hold.status = 'held'
