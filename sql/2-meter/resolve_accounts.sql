-- grain:  one row an account and membership
-- params: $1 account keys
-- locks:  none
SELECT a.key, a.account_id, m.customer_id, m.subscription_id, m.starts, m.ends, s.plan_id, s.anchor, s.starts AS billed_from
FROM meterbook.account AS a
LEFT JOIN meterbook.membership AS m USING (account_id)
LEFT JOIN meterbook.subscription AS s
    ON s.customer_id = m.customer_id AND s.subscription_id = m.subscription_id
WHERE a.key = ANY ($1::text[])
ORDER BY a.key, m.starts
