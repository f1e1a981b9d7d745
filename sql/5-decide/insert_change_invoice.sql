-- grain:  the invoice of one change
-- params: $1 customer, $2 subscription, $3 day, $4 currency, $5 total, $6 number of lines
-- locks:  none but the new row
INSERT INTO meterbook.invoice (customer_id, subscription_id, period_ends, kind, currency, total, line_count)
VALUES ($1, $2, $3, 'change', $4, $5, $6)
