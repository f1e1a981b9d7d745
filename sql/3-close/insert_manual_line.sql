-- grain:  one manual line, with the next number of its subscription
-- params: $1 customer, $2 subscription, $3 amount, $4 wording, $5 tax category, $6 from day, $7 and $8 service or NULL, $9 reason, $10 author, $11 as-of date, $12 run
-- locks:  none but the new row
INSERT INTO meterbook.manual_line (
    customer_id, subscription_id, number, amount, wording, tax_category, from_day, service_starts, service_ends, reason,
    author, added_on, run_id)
SELECT $1, $2, coalesce(max(m.number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
FROM meterbook.manual_line AS m
WHERE m.customer_id = $1 AND m.subscription_id = $2
RETURNING number
