-- grain:  one row a series whose numbers are not those from 1 to its last, each once
-- params: $1 most rows
-- locks:  none
SELECT s.issuer || ' ' || s.pattern || coalesce(' ' || s.year, '') AS subject,
    'gave numbers up to ' || s.last_number || ', and ' || count(DISTINCT f.number) || ' different ones stand on '
        || count(f.number) || ' documents, the largest ' || coalesce(max(f.number), 0) AS detail
FROM meterbook.invoice_series AS s
LEFT JOIN (
    SELECT series_id, number FROM meterbook.finalized_invoice
    UNION ALL
    SELECT series_id, number FROM meterbook.credit_note
) AS f ON f.series_id = s.series_id
GROUP BY s.series_id
HAVING count(f.number) <> s.last_number OR count(DISTINCT f.number) <> s.last_number
    OR coalesce(max(f.number), 0) <> s.last_number
ORDER BY s.series_id
LIMIT $1
