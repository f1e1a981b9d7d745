-- grain:  customer × currency of a batch with any entry
-- params: $1 customers
-- locks:  none
SELECT DISTINCT ON (e.customer_id, e.currency) e.customer_id, e.currency, e.entry, e.balance
FROM meterbook.credit_entry AS e
WHERE e.customer_id = ANY($1::bigint[])
ORDER BY e.customer_id, e.currency, e.entry DESC
