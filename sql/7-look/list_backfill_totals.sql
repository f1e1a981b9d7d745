-- grain:  one row a meter of which pulls have changed totals
-- params: $1 pulls, $2 first day
-- locks:  none
-- No total begins before the period that the day lies in, which bounds the partitions to look at.
SELECT m.key AS meter, count(*) AS totals
FROM meterbook.usage_total AS t
JOIN meterbook.meter AS m USING (meter_id)
WHERE t.pull_id = ANY ($1::bigint[])
    AND t.start >= least(
        $2::date - 31,
        (SELECT min(b.starts) FROM meterbook.billing_period AS b WHERE b.ends > $2),
        (SELECT min(o.starts) FROM meterbook.open_period AS o))
GROUP BY m.key
ORDER BY m.key COLLATE "C"
