-- grain:  one row a slice whose readings have changed, in the session's temporary table
-- params: $1 first day, $2 first day after, $3 pull, $4 first and $5 last customer of all that has changed
-- locks:  row locks on changed totals; the run lock keeps other writers out
-- Each table is told the range of customers: of several sessions none reads what belongs to the others.
WITH moved_total AS (
    -- A slice begins in the month of its days, which bounds the partitions to look at. Apart from those that are new: to
    -- propose a row to INSERT that is there already costs twice as much, and one of a negative quantity it would refuse.
    UPDATE meterbook.usage_total AS t SET quantity = t.quantity + c.quantity, pull_id = $3
    FROM landed_change AS c
    WHERE t.customer_id = c.customer_id AND t.subscription_id = c.subscription_id
        AND t.meter_id = c.meter_id AND t.start = c.start AND t.start > $1::date - 31 AND t.start < $2
        AND t.customer_id >= $4 AND t.customer_id <= $5
), new_total AS (
    INSERT INTO meterbook.usage_total (customer_id, subscription_id, meter_id, start, quantity, pull_id)
    SELECT c.customer_id, c.subscription_id, c.meter_id, c.start, c.quantity, $3
    FROM landed_change AS c
    WHERE NOT EXISTS (
        SELECT FROM meterbook.usage_total AS t
        WHERE t.customer_id = c.customer_id AND t.subscription_id = c.subscription_id
            AND t.meter_id = c.meter_id AND t.start = c.start AND t.start > $1::date - 31 AND t.start < $2
            AND t.customer_id >= $4 AND t.customer_id <= $5)
    ORDER BY c.customer_id, c.subscription_id, c.meter_id, c.start
), closed AS MATERIALIZED (
    -- Few of many: what lies in the open period is passed over before anything else is looked up.
    SELECT c.customer_id, c.subscription_id, c.meter_id, c.start, o.starts AS open_from
    FROM landed_change AS c
    LEFT JOIN meterbook.open_period AS o
        ON o.customer_id = c.customer_id AND o.subscription_id = c.subscription_id
        AND o.customer_id >= $4 AND o.customer_id <= $5
    WHERE o.starts IS NULL OR c.start < o.starts
), late AS (
    INSERT INTO meterbook.late_usage AS u (customer_id, subscription_id, meter_id, start, pull_id)
    SELECT c.customer_id, c.subscription_id, c.meter_id, c.start, $3
    FROM closed AS c
    JOIN meterbook.subscription AS s ON s.customer_id = c.customer_id AND s.subscription_id = c.subscription_id
    WHERE c.open_from > s.starts
        -- One that has ended has no open period: late is what counted in one of its periods.
        OR (c.open_from IS NULL AND EXISTS (
            SELECT FROM meterbook.billing_period AS b
            WHERE b.customer_id = c.customer_id AND b.subscription_id = c.subscription_id AND b.ends > c.start
                AND b.starts < s.ends))
    ON CONFLICT (customer_id, subscription_id, meter_id, start) DO UPDATE SET pull_id = excluded.pull_id
    RETURNING 1
)
SELECT count(*) AS late FROM late
