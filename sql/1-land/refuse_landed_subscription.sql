-- grain:  one landed subscription row
-- params: $1 place, $2 verdict, $3 field, $4 what was found
-- locks:  the temporary table alone
UPDATE landed_subscription SET verdict = $2, field = $3, found = $4 WHERE place = $1
