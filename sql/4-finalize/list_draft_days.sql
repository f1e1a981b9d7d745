-- grain:  dates of drafts, in order, with how many of them wait for nobody
-- params: $1 first day, $2 first day after the last
-- locks:  none
SELECT i.period_ends, count(*) FILTER (WHERE NOT EXISTS (
        SELECT FROM meterbook.invoice_hold AS h
        WHERE h.customer_id = i.customer_id AND h.subscription_id = i.subscription_id AND h.period_ends = i.period_ends
            AND h.kind = i.kind AND h.status = 'held' AND h.reason <> 'tax_unknown')) AS ready
FROM meterbook.invoice AS i
WHERE i.period_ends >= $1 AND i.period_ends < $2
    AND NOT EXISTS (
        SELECT FROM meterbook.finalized_invoice AS f
        WHERE f.customer_id = i.customer_id AND f.subscription_id = i.subscription_id AND f.period_ends = i.period_ends
            AND f.kind = i.kind AND f.period_ends >= $1 AND f.period_ends < $2)
    AND NOT EXISTS (
        SELECT FROM meterbook.voided_invoice AS v
        WHERE v.customer_id = i.customer_id AND v.subscription_id = i.subscription_id AND v.period_ends = i.period_ends
            AND v.kind = i.kind)
GROUP BY i.period_ends
ORDER BY i.period_ends
