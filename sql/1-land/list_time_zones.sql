-- grain:  one row a time zone
-- params: none
-- locks:  none
SELECT name FROM pg_timezone_names
