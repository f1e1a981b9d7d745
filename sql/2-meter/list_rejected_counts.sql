-- grain:  one row a landed count that was judged unfit
-- params: none
-- locks:  none
SELECT l.file_number, l.line, l.verdict, a.key AS account, c.key AS channel, m.key AS meter,
    to_char(l.counted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS counted_at, l.quantity, l.found
FROM landed_count AS l
JOIN meterbook.account AS a USING (account_id)
JOIN meterbook.channel AS c USING (channel_id)
JOIN meterbook.meter AS m USING (meter_id)
WHERE l.verdict <> 'repeated'
ORDER BY l.place
