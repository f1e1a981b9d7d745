-- grain:  one row
-- params: $1 meter under which readings or intervals are stored, $2 first day after, $3 the instant at which it begins
-- locks:  none
-- Of anybody: whether a source delivers it at all.
SELECT EXISTS (SELECT FROM meterbook.reading WHERE meter_id = $1 AND day < $2)
    OR EXISTS (SELECT FROM meterbook.connection_interval WHERE meter_id = $1 AND on_at < $3) AS is_counted
