-- grain:  one row a meter that did not carry levels yet
-- params: $1 meters
-- locks:  row locks on them
UPDATE meterbook.meter SET carries_levels = true WHERE meter_id = ANY ($1::integer[]) AND NOT carries_levels
RETURNING meter_id
