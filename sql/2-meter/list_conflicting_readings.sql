-- grain:  one row a landed reading that conflicts with an earlier row of its file
-- params: none
-- locks:  none
SELECT l.file_number, l.line, a.key AS account, c.key AS channel, m.key AS meter, l.day, l.quantity
FROM landed_reading AS l
JOIN meterbook.account AS a USING (account_id)
JOIN meterbook.channel AS c USING (channel_id)
JOIN meterbook.meter AS m USING (meter_id)
WHERE l.verdict = 'conflicting_duplicate'
ORDER BY l.place
