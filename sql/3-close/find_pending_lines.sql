-- grain:  one row
-- params: $1 as-of date, $2 the earliest start of a due period
-- locks:  none
-- Where it says that there are none, no close up to that date has to look for any.
SELECT EXISTS (
    SELECT FROM meterbook.open_period AS o
    JOIN meterbook.manual_line AS m
        ON m.customer_id = o.customer_id AND m.subscription_id = o.subscription_id AND m.from_day >= o.starts
    WHERE o.ends <= $1 AND m.from_day >= $2
        AND NOT EXISTS (
            SELECT FROM meterbook.withdrawn_manual_line AS w
            WHERE w.customer_id = m.customer_id AND w.subscription_id = m.subscription_id AND w.number = m.number)
) AS any_pending
