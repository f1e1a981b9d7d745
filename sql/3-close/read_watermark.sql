-- grain:  one row
-- params: none
-- locks:  none
SELECT coalesce(max(pull_id), 0) AS watermark FROM meterbook.pull
