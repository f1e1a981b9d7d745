-- grain:  one row an entry of a customer's credit whose balance is not the sum of all up to it, or that its cause does not bear out
-- params: $1 most rows
-- locks:  none
SELECT e.customer_id || ' ' || e.currency || ' entry ' || e.entry AS subject,
    e.origin || ' of ' || e.amount || ', balance ' || e.balance || '; ' || e.place || ' entries come to ' || e.summed
        || coalesce(', its credit note carries ' || n.carried, '') AS detail
FROM (
    SELECT customer_id, currency, entry, amount, balance, origin, subscription_id, period_ends, kind, credit_note,
        sum(amount) OVER w AS summed, row_number() OVER w AS place
    FROM meterbook.credit_entry
    WINDOW w AS (PARTITION BY customer_id, currency ORDER BY entry)
) AS e
LEFT JOIN meterbook.credit_note AS n
    ON n.customer_id = e.customer_id AND n.subscription_id = e.subscription_id AND n.period_ends = e.period_ends
    AND n.kind = e.kind AND n.entry = e.credit_note
WHERE e.balance <> e.summed OR e.place <> e.entry OR (e.credit_note IS NOT NULL AND n.carried IS DISTINCT FROM e.amount)
LIMIT $1
