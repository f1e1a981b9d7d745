-- grain:  one row, or none before the first alerts
-- params: none
-- locks:  none
SELECT catalog_id, as_of, watermark FROM meterbook.alert_progress
