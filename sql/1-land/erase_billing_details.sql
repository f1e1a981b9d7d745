-- grain:  the versions of one customer's billing details that hold personal data
-- params: $1 customer, $2 the day
-- locks:  row locks on them
UPDATE meterbook.billing_detail
SET legal_name = NULL, address = NULL, postal_code = NULL, city = NULL, tax_number = NULL, po_number = NULL, email = NULL,
    language = NULL, salt = NULL, erased_on = $2
WHERE customer_id = $1 AND erased_on IS NULL
