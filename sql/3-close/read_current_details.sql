-- grain:  the newest version of the billing details of each of some customers that have any
-- params: $1 customers
-- locks:  none
SELECT d.customer_id, d.version, d.digest, d.country, d.region, d.vat_country, d.tax_exempt
FROM unnest($1::bigint[]) AS asked (customer_id)
CROSS JOIN LATERAL (
    SELECT * FROM meterbook.billing_detail AS v
    WHERE v.customer_id = asked.customer_id ORDER BY v.version DESC LIMIT 1
) AS d
ORDER BY d.customer_id
