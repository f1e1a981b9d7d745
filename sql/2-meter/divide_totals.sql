-- grain:  totals of the landed slices
-- params: none
-- locks:  row locks on the divided totals
-- The pull that changed a total last is kept for all its parts: a part may claim a later change than it saw, never an
-- earlier one.
WITH part AS MATERIALIZED (
    SELECT l.customer_id, l.subscription_id, r.meter_id, l.start, sum(r.quantity)::bigint AS quantity,
        max(r.pull_id) AS pull_id
    FROM landed_slice AS l
    JOIN meterbook.membership AS m ON m.customer_id = l.customer_id AND m.subscription_id = l.subscription_id
    JOIN meterbook.reading AS r
        ON r.customer_id = m.customer_id AND r.account_id = m.account_id
        AND r.day >= l.start AND r.day < l.until AND r.day >= m.starts AND (m.ends IS NULL OR r.day < m.ends)
    JOIN meterbook.meter AS k ON k.meter_id = r.meter_id AND k.is_running
    GROUP BY l.customer_id, l.subscription_id, r.meter_id, l.start
), emptied AS (
    UPDATE meterbook.usage_total AS t SET quantity = 0
    FROM landed_slice AS l, meterbook.meter AS k
    WHERE t.customer_id = l.customer_id AND t.subscription_id = l.subscription_id AND t.start = l.start
        AND k.meter_id = t.meter_id AND k.is_running
        AND NOT EXISTS (
            SELECT FROM part AS p
            WHERE p.customer_id = t.customer_id AND p.subscription_id = t.subscription_id
                AND p.meter_id = t.meter_id AND p.start = t.start)
)
INSERT INTO meterbook.usage_total AS t (customer_id, subscription_id, meter_id, start, quantity, pull_id)
SELECT customer_id, subscription_id, meter_id, start, quantity, pull_id FROM part
ON CONFLICT (customer_id, subscription_id, meter_id, start) DO UPDATE
    SET quantity = excluded.quantity WHERE t.quantity <> excluded.quantity
