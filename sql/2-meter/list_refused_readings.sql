-- grain:  landed reading that was refused for one reason
-- params: $1 reason
-- locks:  none
SELECT l.file_number, l.line, a.key AS account, c.key AS channel, m.key AS meter, l.day, l.quantity
FROM landed_reading AS l
JOIN meterbook.account AS a USING (account_id)
JOIN meterbook.channel AS c USING (channel_id)
JOIN meterbook.meter AS m USING (meter_id)
WHERE l.verdict = $1
ORDER BY l.place
