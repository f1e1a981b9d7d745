-- migrate:up

ALTER TABLE meterbook.price
    ADD COLUMN tax_category text NOT NULL DEFAULT 'standard';
COMMENT ON COLUMN meterbook.price.tax_category IS
    'What decides at which of the catalog''s tax rates its lines are taxed; exempt for what is never taxed.';

CREATE FUNCTION meterbook.detail_digest(salt bytea, VARIADIC fields text[]) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT sha256(salt || convert_to(
        string_agg(coalesce(octet_length(field) || ':' || field, '-'), ',' ORDER BY place), 'UTF8'))
    FROM unnest(fields) WITH ORDINALITY AS f (field, place)
$$;
COMMENT ON FUNCTION meterbook.detail_digest IS
    'SHA-256 of the salt and the fields: each as its length in bytes, a colon and its text in UTF-8, or a hyphen for none; '
    'divided by commas. So two different contents are never the same text.';

CREATE TABLE meterbook.billing_detail (
    customer_id bigint NOT NULL,
    version integer NOT NULL,
    legal_name text,
    address text,
    postal_code text,
    city text,
    region text,
    country text,
    tax_number text,
    vat_country text,
    po_number text,
    email text,
    language text,
    tax_exempt text,
    recorded_on date NOT NULL,
    run_id bigint NOT NULL,
    salt bytea,
    digest bytea NOT NULL,
    erased_on date,
    CONSTRAINT billing_detail_pk PRIMARY KEY (customer_id, version),
    CONSTRAINT billing_detail_customer_fk FOREIGN KEY (customer_id) REFERENCES meterbook.customer (customer_id),
    CONSTRAINT billing_detail_version_positive CHECK (version >= 1),
    CONSTRAINT billing_detail_country_is_code CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT billing_detail_vat_country_is_code CHECK (vat_country ~ '^[A-Z]{2}$'),
    CONSTRAINT billing_detail_region_is_code CHECK (
        region IS NULL OR (region ~ '^[A-Z0-9]{1,3}$' AND country IS NOT NULL)),
    CONSTRAINT billing_detail_texts_are_lines CHECK (
        concat(legal_name, postal_code, city, tax_number, po_number, email, language, tax_exempt) !~ '[[:cntrl:]]'),
    CONSTRAINT billing_detail_address_is_lines CHECK (
        address !~ '(^$|^\n|\n\n|\n$)' AND translate(address, E'\n', '') !~ '[[:cntrl:]]'),
    CONSTRAINT billing_detail_vat_has_number CHECK (
        vat_country IS NULL OR tax_number IS NOT NULL OR erased_on IS NOT NULL),
    CONSTRAINT billing_detail_sealed CHECK (
        erased_on IS NOT NULL OR (octet_length(salt) = 32 AND digest = meterbook.detail_digest(
            salt, legal_name, address, postal_code, city, region, country, tax_number, vat_country, po_number, email,
            language, tax_exempt))),
    CONSTRAINT billing_detail_digest_length CHECK (octet_length(digest) = 32),
    CONSTRAINT billing_detail_erased_is_empty CHECK (
        erased_on IS NULL
        OR num_nonnulls(legal_name, address, postal_code, city, tax_number, po_number, email, language, salt) = 0)
);
COMMENT ON TABLE meterbook.billing_detail IS
    'What invoices say of a customer, and what tax goes by. A version is a row, and the one with the largest number holds. '
    'Rows are added and never changed but by an erasure, which takes what is personal out of all of them: so an invoice '
    'that names a version and its digest stays whole.';
COMMENT ON COLUMN meterbook.billing_detail.customer_id IS 'The customer.';
COMMENT ON COLUMN meterbook.billing_detail.version IS 'From 1, without a gap.';
COMMENT ON COLUMN meterbook.billing_detail.legal_name IS 'The name that the law knows; NULL for that of the customer.';
COMMENT ON COLUMN meterbook.billing_detail.address IS 'The lines of the address before the city, divided by line feeds.';
COMMENT ON COLUMN meterbook.billing_detail.postal_code IS 'The postal code.';
COMMENT ON COLUMN meterbook.billing_detail.city IS 'The city.';
COMMENT ON COLUMN meterbook.billing_detail.region IS
    'The part of the country by its code of ISO 3166-2, NY for US-NY; kept when the rest is erased, because of tax.';
COMMENT ON COLUMN meterbook.billing_detail.country IS
    'ISO 3166-1 alpha-2; kept when the rest is erased, because of tax.';
COMMENT ON COLUMN meterbook.billing_detail.tax_number IS 'The tax number; a VAT number without spaces, points and hyphens.';
COMMENT ON COLUMN meterbook.billing_detail.vat_country IS
    'The country whose VAT number the tax number is, NULL where it is none: whether the customer is a business for tax. '
    'Kept when the number is erased.';
COMMENT ON COLUMN meterbook.billing_detail.po_number IS 'The customer''s number for the order, which invoices repeat.';
COMMENT ON COLUMN meterbook.billing_detail.email IS
    'The address in customer_contact when the version was written, so that a document of the past can be written again. '
    'Where mail goes is said by customer_contact alone: a message goes to where the customer is reached today.';
COMMENT ON COLUMN meterbook.billing_detail.language IS 'The language of documents, as a tag of BCP 47.';
COMMENT ON COLUMN meterbook.billing_detail.tax_exempt IS
    'Why the customer pays no tax; NULL for who does. Kept when the rest is erased.';
COMMENT ON COLUMN meterbook.billing_detail.recorded_on IS 'The day that the run which wrote it took for today.';
COMMENT ON COLUMN meterbook.billing_detail.run_id IS 'The run that wrote it.';
COMMENT ON COLUMN meterbook.billing_detail.salt IS
    '32 random bytes before the digest, so that nobody finds the content by trying; gone with it.';
COMMENT ON COLUMN meterbook.billing_detail.digest IS
    'meterbook.detail_digest of the salt and the columns from legal_name to tax_exempt, in their order, computed when the '
    'version was written; kept when the content is erased.';
COMMENT ON COLUMN meterbook.billing_detail.erased_on IS
    'The day on which personal data was erased; NULL while it is there. While the newest version has one, sources change '
    'nothing of the customer.';
CREATE INDEX billing_detail_erased ON meterbook.billing_detail (customer_id) WHERE erased_on IS NOT NULL;
COMMENT ON INDEX meterbook.billing_detail_erased IS 'Whom sources must not bring back.';

CREATE FUNCTION meterbook.keep_billing_detail() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.erased_on IS NULL AND NEW.erased_on IS NOT NULL
        AND ROW(NEW.customer_id, NEW.version, NEW.region, NEW.country, NEW.vat_country, NEW.tax_exempt, NEW.recorded_on,
            NEW.run_id, NEW.digest)
        IS NOT DISTINCT FROM ROW(OLD.customer_id, OLD.version, OLD.region, OLD.country, OLD.vat_country, OLD.tax_exempt,
            OLD.recorded_on, OLD.run_id, OLD.digest)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version of billing details is never changed or deleted'
        USING ERRCODE = 'restrict_violation', HINT = 'Add a version, or erase the customer''s data.';
END
$$;
COMMENT ON FUNCTION meterbook.keep_billing_detail IS 'Lets nothing but an erasure change a version of billing details.';
CREATE TRIGGER billing_detail_is_kept BEFORE UPDATE OR DELETE ON meterbook.billing_detail
    FOR EACH ROW EXECUTE FUNCTION meterbook.keep_billing_detail();
COMMENT ON TRIGGER billing_detail_is_kept ON meterbook.billing_detail IS
    'A second wall behind the privileges: rows are added and never changed.';
