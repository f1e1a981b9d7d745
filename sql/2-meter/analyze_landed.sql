-- grain:  the sessions landed readings
-- params: none
-- locks:  none
ANALYZE landed_reading
