-- grain:  one row: what the pulls say and what is stored
-- params: none
-- locks:  none
SELECT p.rows_new, p.rows_changed, p.rows_read, p.rows_rejected, p.rows_other, r.readings, r.quantity, x.superseded,
    i.intervals, y.superseded AS superseded_intervals, j.rows_new AS intervals_new, j.rows_changed AS intervals_changed
FROM (
    SELECT coalesce(sum(rows_new), 0)::bigint AS rows_new, coalesce(sum(rows_changed), 0)::bigint AS rows_changed,
        coalesce(sum(rows_read), 0)::bigint AS rows_read, coalesce(sum(rows_rejected), 0)::bigint AS rows_rejected,
        coalesce(sum(rows_outside + rows_unchanged + rows_repeated + rows_merged), 0)::bigint AS rows_other
    FROM meterbook.pull WHERE feeds = 'readings'
) AS p
CROSS JOIN (
    SELECT count(*) AS readings, coalesce(sum(quantity) FILTER (WHERE m.is_running), 0)::bigint AS quantity
    FROM meterbook.reading JOIN meterbook.meter AS m USING (meter_id)
) AS r
CROSS JOIN (SELECT count(*) AS superseded FROM meterbook.reading_superseded) AS x
CROSS JOIN (SELECT count(*) AS intervals FROM meterbook.connection_interval) AS i
CROSS JOIN (SELECT count(*) AS superseded FROM meterbook.connection_interval_superseded) AS y
CROSS JOIN (
    SELECT coalesce(sum(rows_new), 0)::bigint AS rows_new, coalesce(sum(rows_changed), 0)::bigint AS rows_changed
    FROM meterbook.pull WHERE feeds = 'intervals'
) AS j
