-- grain:  one row
-- params: $1 meter
-- locks:  none
SELECT EXISTS (SELECT FROM meterbook.usage_total WHERE meter_id = $1) AS is_totalled,
    EXISTS (SELECT FROM meterbook.reading WHERE meter_id = $1) AS is_read
