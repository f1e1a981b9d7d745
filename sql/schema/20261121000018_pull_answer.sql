-- migrate:up

ALTER TABLE meterbook.pull
    ADD COLUMN request_digest bytea,
    ADD COLUMN entity_tag text,
    ADD COLUMN last_modified text,
    ADD COLUMN not_modified boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT pull_request_digest_is_sha256 CHECK (octet_length(request_digest) = 32),
    ADD CONSTRAINT pull_validators_are_of_a_request
        CHECK ((request_digest IS NULL) = (entity_tag IS NULL AND last_modified IS NULL)),
    ADD CONSTRAINT pull_not_modified_has_no_rows
        CHECK (NOT not_modified OR (request_digest IS NOT NULL AND rows_read = 0));
COMMENT ON COLUMN meterbook.pull.request_digest IS
    'SHA-256 of all that the answer of a server follows from: address, days, columns, catalog. NULL where an answer is not known again.';
COMMENT ON COLUMN meterbook.pull.entity_tag IS 'The ETag of the answer, as the server wrote it.';
COMMENT ON COLUMN meterbook.pull.last_modified IS 'The Last-Modified of the answer, as the server wrote it.';
COMMENT ON COLUMN meterbook.pull.not_modified IS 'Whether the server said that nothing had changed since the pull before.';
