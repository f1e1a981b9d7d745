-- grain:  one manual line
-- params: $1 customer, $2 subscription, $3 number, $4 as-of date, $5 reason, $6 author, $7 run
-- locks:  none but the new row
INSERT INTO meterbook.withdrawn_manual_line (
    customer_id, subscription_id, number, withdrawn_on, reason, author, run_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
