-- grain:  one month without drafts
-- params: $1 month
-- locks:  a row lock on it
DELETE FROM meterbook.draft_month WHERE month = $1
