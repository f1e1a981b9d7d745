-- grain:  one row: what the pulls say and what is stored
-- params: none
-- locks:  none
SELECT p.rows_new, p.rows_changed, p.rows_read, p.rows_rejected, p.rows_other, r.readings, r.quantity, x.superseded
FROM (
    SELECT coalesce(sum(rows_new), 0)::bigint AS rows_new, coalesce(sum(rows_changed), 0)::bigint AS rows_changed,
        coalesce(sum(rows_read), 0)::bigint AS rows_read, coalesce(sum(rows_rejected), 0)::bigint AS rows_rejected,
        coalesce(sum(rows_outside + rows_unchanged + rows_repeated), 0)::bigint AS rows_other
    FROM meterbook.pull WHERE feeds = 'readings'
) AS p
CROSS JOIN (SELECT count(*) AS readings, coalesce(sum(quantity), 0)::bigint AS quantity FROM meterbook.reading) AS r
CROSS JOIN (SELECT count(*) AS superseded FROM meterbook.reading_superseded) AS x
