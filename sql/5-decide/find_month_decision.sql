-- grain:  one row: whether anybody has been decided on in a month
-- params: $1 month
-- locks:  none
SELECT EXISTS (SELECT FROM meterbook.plan_decision WHERE month = $1)
    OR EXISTS (SELECT FROM meterbook.decision_block WHERE month = $1) AS is_begun
