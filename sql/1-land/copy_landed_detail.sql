-- grain:  versions of billing details that landed rows bring about
-- params: binary COPY
-- locks:  none
COPY landed_detail (
    place, key, version, legal_name, address, postal_code, city, region, country, tax_number, vat_country, po_number,
    email, language, tax_exempt
) FROM STDIN (FORMAT binary)
