-- grain:  one row a reading that differs from what is known
-- params: $1 days, $2 customers, $3 accounts, $4 channels, $5 meters, $6 quantities, $7 those known, $8 the pulls that brought them, $9 pull, $10 first day, $11 first day after
-- locks:  row locks on the readings; the run lock keeps other writers out
WITH changed AS MATERIALIZED (
    SELECT * FROM unnest(
        $1::date[], $2::bigint[], $3::bigint[], $4::integer[], $5::integer[], $6::bigint[], $7::bigint[], $8::bigint[]
    ) AS n (day, customer_id, account_id, channel_id, meter_id, quantity, known, known_pull)
), superseded AS (
    INSERT INTO meterbook.reading_superseded
        (day, customer_id, account_id, channel_id, meter_id, quantity, pull_id, superseded_by)
    SELECT day, customer_id, account_id, channel_id, meter_id, known, known_pull, $9 FROM changed
)
UPDATE meterbook.reading AS r SET quantity = c.quantity, pull_id = $9
FROM changed AS c
WHERE r.day = c.day AND r.customer_id = c.customer_id AND r.account_id = c.account_id
    AND r.channel_id = c.channel_id AND r.meter_id = c.meter_id AND r.day >= $10 AND r.day < $11
