-- grain:  one row: what waits for the next run, or for a person
-- params: $1 day
-- locks:  none
SELECT
    (SELECT count(*) FROM meterbook.open_period WHERE ends <= $1) AS due,
    (SELECT count(*) FROM meterbook.hold) AS held_subscriptions,
    (
        SELECT count(*) FROM (
            SELECT DISTINCT customer_id, subscription_id, period_ends, kind FROM meterbook.invoice_hold
            WHERE status = 'held'
        ) AS held
    ) AS held_invoices,
    (SELECT count(*) FROM meterbook.notice WHERE status = 'pending' AND due <= $1) AS notices_due,
    (SELECT count(*) FROM meterbook.notice WHERE status = 'dead') AS notices_dead
