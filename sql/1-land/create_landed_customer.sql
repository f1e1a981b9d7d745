-- grain:  the temporary tables of customers, and of what their billing details become; the session's own
-- params: none
-- locks:  none
CREATE TEMPORARY TABLE IF NOT EXISTS landed_customer (
    place bigint NOT NULL, file_number integer NOT NULL, line bigint NOT NULL, row_text text NOT NULL,
    key text NOT NULL, name text NOT NULL, has_email boolean NOT NULL, email text, said integer NOT NULL,
    legal_name text, address text, postal_code text, city text, region text, country text, tax_number text,
    vat_country text, po_number text, language text, tax_exempt text, verdict text, field text, found text);
CREATE TEMPORARY TABLE IF NOT EXISTS landed_detail (
    place bigint NOT NULL, key text NOT NULL, version integer NOT NULL, legal_name text, address text, postal_code text,
    city text, region text, country text, tax_number text, vat_country text, po_number text, email text, language text,
    tax_exempt text);
