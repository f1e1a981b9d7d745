-- grain:  one row or none
-- params: $1 source, $2 digest of the request
-- locks:  none
SELECT entity_tag, last_modified FROM meterbook.pull
WHERE pull_id = (SELECT max(pull_id) FROM meterbook.pull WHERE source = $1) AND request_digest = $2 AND status = 'succeeded'
