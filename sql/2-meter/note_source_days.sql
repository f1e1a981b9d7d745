-- grain:  days that a source has delivered
-- params: $1 source, $2 days, $3 readings of each, $4 their sums, $5 pull
-- locks:  none but the rows
INSERT INTO meterbook.source_day AS d (source, day, readings, most_readings, quantity, most_quantity, pull_id)
SELECT $1, n.day, n.readings, n.readings, n.quantity::numeric, n.quantity::numeric, $5
FROM unnest($2::date[], $3::bigint[], $4::text[]) AS n (day, readings, quantity)
ON CONFLICT (source, day) DO UPDATE
    SET readings = excluded.readings, most_readings = greatest(d.most_readings, excluded.readings),
        quantity = excluded.quantity, most_quantity = greatest(d.most_quantity, excluded.quantity),
        pull_id = excluded.pull_id
    WHERE (d.readings, d.quantity) IS DISTINCT FROM (excluded.readings, excluded.quantity)
