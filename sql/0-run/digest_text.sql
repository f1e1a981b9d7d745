-- grain:  one row
-- params: $1 text
-- locks:  none
SELECT encode(sha256(convert_to($1::text, 'UTF8')), 'hex') AS sha256
