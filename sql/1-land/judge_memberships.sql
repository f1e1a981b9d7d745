-- grain:  landed membership rows that the store cannot take
-- params: none
-- locks:  reads membership and reading
-- A membership that this pull restates is judged by what the pull says of it, not by what is stored.
UPDATE landed_membership AS l
SET verdict = j.verdict, field = j.field, found = j.found
FROM (
    SELECT n.place,
        CASE
            WHEN clash.starts IS NOT NULL THEN 'overlapping_membership'
            WHEN known.subscription_id <> n.subscription_id OR counted.day IS NOT NULL THEN 'fixed_field'
        END AS verdict,
        CASE
            WHEN clash.starts IS NOT NULL THEN 'from'
            WHEN known.subscription_id <> n.subscription_id THEN 'subscription'
            ELSE 'until'
        END AS field,
        CASE
            WHEN clash.starts IS NOT NULL THEN n.starts::text || ', while linked from ' || clash.starts::text
            WHEN known.subscription_id <> n.subscription_id THEN n.subscription_key
            ELSE n.ends::text || ', with readings until ' || counted.day::text
        END AS found
    FROM landed_membership AS n
    LEFT JOIN meterbook.membership AS known ON known.account_id = n.account_id AND known.starts = n.starts
    LEFT JOIN LATERAL (
        SELECT o.starts FROM meterbook.membership AS o
        WHERE o.account_id = n.account_id AND o.starts <> n.starts
            AND (n.ends IS NULL OR o.starts < n.ends) AND (o.ends IS NULL OR o.ends > n.starts)
            AND NOT EXISTS (
                SELECT FROM landed_membership AS again
                WHERE again.account_id = o.account_id AND again.starts = o.starts AND again.verdict IS NULL)
        UNION ALL
        SELECT o.starts FROM landed_membership AS o
        WHERE o.account_id = n.account_id AND o.starts < n.starts AND o.verdict IS NULL
            AND (o.ends IS NULL OR o.ends > n.starts)
        LIMIT 1
    ) AS clash ON true
    -- An account may not be unlinked from a day on which it has been counted already.
    LEFT JOIN LATERAL (
        SELECT max(r.day) AS day FROM meterbook.reading AS r
        WHERE known.account_id IS NOT NULL AND n.ends IS NOT NULL AND (known.ends IS NULL OR known.ends > n.ends)
            AND r.day >= n.ends AND r.customer_id = n.customer_id AND r.account_id = n.account_id
            AND (known.ends IS NULL OR r.day < known.ends)
    ) AS counted ON true
    WHERE n.verdict IS NULL
) AS j
WHERE j.place = l.place AND j.verdict IS NOT NULL
