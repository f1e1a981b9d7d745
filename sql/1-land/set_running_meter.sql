-- grain:  one meter
-- params: $1 meter, $2 whether the pulls keep its totals
-- locks:  row lock on it
UPDATE meterbook.meter SET is_running = $2 WHERE meter_id = $1 AND is_running <> $2
