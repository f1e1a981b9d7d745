-- grain:  one row an account that is known and a membership of it, with its key's place among those asked for
-- params: $1 account keys
-- locks:  none
SELECT n.place, a.account_id, m.customer_id, m.subscription_id, m.starts, m.ends, s.plan_id, s.anchor, s.starts AS billed_from
FROM unnest($1::text[]) WITH ORDINALITY AS n (key, place)
JOIN meterbook.account AS a ON a.key = n.key
LEFT JOIN meterbook.membership AS m ON m.account_id = a.account_id
LEFT JOIN meterbook.subscription AS s
    ON s.customer_id = m.customer_id AND s.subscription_id = m.subscription_id
