-- grain:  one row an issue behind the first that does not take the place of one that is void, or a word on one that was never issued
-- params: $1 most rows
-- locks:  none
SELECT coalesce(n.label, n.customer_id || '/' || n.subscription_id || '/' || n.period_ends || ' issue ' || n.issue) AS subject,
    CASE
        WHEN n.label IS NULL THEN 'it has a reason, and no number'
        WHEN n.reissued_on IS NULL THEN 'nothing says why it was issued again'
        WHEN b.label IS NULL THEN 'there is no issue ' || n.issue - 1 || ' before it'
        ELSE b.label || ', whose place it takes, is not void'
    END AS detail
FROM (
    SELECT customer_id, subscription_id, period_ends, kind, issue, f.label, r.reissued_on
    FROM (SELECT * FROM meterbook.finalized_invoice WHERE issue > 1) AS f
    FULL JOIN meterbook.reissued_invoice AS r USING (customer_id, subscription_id, period_ends, kind, issue)
) AS n
LEFT JOIN meterbook.finalized_invoice AS b
    ON b.customer_id = n.customer_id AND b.subscription_id = n.subscription_id AND b.period_ends = n.period_ends
    AND b.kind = n.kind AND b.issue = n.issue - 1
LEFT JOIN meterbook.voided_invoice AS v
    ON v.customer_id = n.customer_id AND v.subscription_id = n.subscription_id AND v.period_ends = n.period_ends
    AND v.kind = n.kind AND v.issue = n.issue - 1
WHERE n.label IS NULL OR n.reissued_on IS NULL OR b.label IS NULL OR v.customer_id IS NULL
LIMIT $1
