-- grain:  one row a source and a day that it delivered
-- params: $1 first day after
-- locks:  none
SELECT source, day, readings, most_readings, least(quantity, 9223372036854775807)::bigint AS quantity,
    least(most_quantity, 9223372036854775807)::bigint AS most_quantity
FROM meterbook.source_day
WHERE day < $1
ORDER BY source, day
