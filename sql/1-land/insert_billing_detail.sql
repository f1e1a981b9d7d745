-- grain:  one version of a customer's billing details
-- params: $1 customer, $2 version, $3 to $14 the details from legal_name to tax_exempt, $15 the day, $16 run
-- locks:  none but the new row
WITH salted AS MATERIALIZED (
    SELECT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) AS salt
)
INSERT INTO meterbook.billing_detail
    (customer_id, version, legal_name, address, postal_code, city, region, country, tax_number, vat_country, po_number,
    email, language, tax_exempt, recorded_on, run_id, salt, digest)
SELECT $1::bigint, $2::integer, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::text, $11::text,
    $12::text, $13::text, $14::text, $15::date, $16::bigint, s.salt,
    meterbook.detail_digest(
        s.salt, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::text, $11::text, $12::text,
        $13::text, $14::text)
FROM salted AS s
