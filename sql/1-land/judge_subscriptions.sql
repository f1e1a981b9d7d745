-- grain:  landed subscription rows that the store cannot take
-- params: none
-- locks:  reads customer, subscription, open_period
-- Only the end of a subscription may change once it is known; another
-- plan, anchor or cohort would rate its closed periods differently.
UPDATE landed_subscription AS l
SET verdict = j.verdict, field = j.field, found = j.found
FROM (
    SELECT n.place,
        'fixed_field' AS verdict,
        CASE
            WHEN s.customer_id <> c.customer_id THEN 'customer'
            WHEN s.plan_id <> n.plan_id THEN 'plan'
            WHEN s.anchor <> n.anchor THEN 'anchor'
            WHEN s.signed_up <> n.signed_up THEN 'signed_up'
            WHEN s.starts <> n.starts THEN 'starts'
            WHEN s.pays_every <> n.pays_every THEN 'cadence'
            WHEN s.currency <> n.currency THEN 'currency'
            WHEN s.time_zone <> n.time_zone THEN 'time_zone'
            ELSE 'ends'
        END AS field,
        CASE
            WHEN s.customer_id <> c.customer_id THEN n.customer_key
            WHEN s.plan_id <> n.plan_id THEN (SELECT p.key FROM meterbook.plan AS p WHERE p.plan_id = n.plan_id)
            WHEN s.anchor <> n.anchor THEN n.anchor::text
            WHEN s.signed_up <> n.signed_up THEN n.signed_up::text
            WHEN s.starts <> n.starts THEN n.starts::text
            WHEN s.pays_every <> n.pays_every THEN n.pays_every
            WHEN s.currency <> n.currency THEN n.currency
            WHEN s.time_zone <> n.time_zone THEN n.time_zone
            ELSE coalesce(n.ends::text, 'no end')
        END AS found
    FROM landed_subscription AS n
    JOIN meterbook.customer AS c ON c.key = n.customer_key
    JOIN meterbook.subscription AS s ON s.key = n.key
    LEFT JOIN meterbook.open_period AS o ON o.customer_id = s.customer_id AND o.subscription_id = s.subscription_id
    WHERE n.verdict IS NULL
        AND (
            ROW(s.customer_id, s.plan_id, s.anchor, s.signed_up, s.starts, s.pays_every, s.currency, s.time_zone)
                IS DISTINCT FROM
                ROW(c.customer_id, n.plan_id, n.anchor, n.signed_up, n.starts, n.pays_every, n.currency, n.time_zone)
            -- Ended and closed to the end: there is no period left that another end could lengthen or shorten.
            OR (o.subscription_id IS NULL AND s.ends IS DISTINCT FROM n.ends)
            -- The open period has begun: it is billed whole, so an end before its start comes too late.
            OR (n.ends IS NOT NULL AND s.ends IS DISTINCT FROM n.ends AND n.ends < o.starts))
) AS j
WHERE j.place = l.place
