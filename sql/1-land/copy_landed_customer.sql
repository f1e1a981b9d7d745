-- grain:  landed rows
-- params: binary COPY
-- locks:  none
COPY landed_customer (
    place, file_number, line, row_text, key, name, has_email, email, said, legal_name, address, postal_code, city, region,
    country, tax_number, vat_country, po_number, language, tax_exempt
) FROM STDIN (FORMAT binary)
