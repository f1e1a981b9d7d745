-- grain:  months that may hold drafts, in order
-- params: none
-- locks:  none
SELECT month FROM meterbook.draft_month ORDER BY month
