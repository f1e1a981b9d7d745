-- grain:  one pull
-- params: $1 pull, $2 digest of the request, $3 entity tag, $4 last modified, $5 whether it was unchanged
-- locks:  row lock on the pull
UPDATE meterbook.pull SET request_digest = $2, entity_tag = $3, last_modified = $4, not_modified = $5 WHERE pull_id = $1
