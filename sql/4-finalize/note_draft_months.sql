-- grain:  months in which invoices are about to be written
-- params: $1 first day, $2 first day after the last
-- locks:  none but the new rows
INSERT INTO meterbook.draft_month (month)
SELECT month::date FROM generate_series(date_trunc('month', $1::date), $2::date - 1, interval '1 month') AS month
ON CONFLICT DO NOTHING
