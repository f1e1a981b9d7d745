-- grain:  one row
-- params: $1 name
-- locks:  none
SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS found
