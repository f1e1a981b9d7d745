-- grain:  credit note of one series, by number
-- params: $1 series
-- locks:  none
SELECT n.number, n.label, n.issued_on, n.digest, n.customer_id, n.subscription_id, n.period_ends, n.kind::text AS kind, n.entry,
    n.net, n.tax, n.gross, n.off_due, n.carried, n.refunded, n.reason, n.author, n.issue, (
        SELECT coalesce(string_agg(format('%s|%s', l.line, l.amount), E'\n' ORDER BY l.line), '')
        FROM meterbook.credit_note_line AS l
        WHERE l.customer_id = n.customer_id AND l.subscription_id = n.subscription_id
            AND l.period_ends = n.period_ends AND l.kind = n.kind AND l.entry = n.entry) AS lines, (
        SELECT coalesce(string_agg(format('%s|%s|%s', t.place, t.net, t.tax), E'\n' ORDER BY t.place), '')
        FROM meterbook.credit_note_tax AS t
        WHERE t.customer_id = n.customer_id AND t.subscription_id = n.subscription_id
            AND t.period_ends = n.period_ends AND t.kind = n.kind AND t.entry = n.entry) AS taxes
FROM meterbook.credit_note AS n
WHERE n.series_id = $1
ORDER BY n.number, n.customer_id
