-- grain:  the versions of one customer's billing details, the oldest first
-- params: $1 customer, $2 the only version, or NULL for all
-- locks:  none
SELECT legal_name, address, postal_code, city, region, country, tax_number, vat_country, po_number, email, language,
    tax_exempt, version, recorded_on, run_id, digest, erased_on
FROM meterbook.billing_detail
WHERE customer_id = $1 AND ($2::integer IS NULL OR version = $2)
ORDER BY version
