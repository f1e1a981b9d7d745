-- grain:  landed subscription rows that the store cannot take
-- params: none
-- locks:  reads customer, subscription, subscription_zone, open_period
-- Only the end of a subscription and, from a day on, its zone may change once it is known, and a contract or a coupon come;
-- another anchor or cohort would rate its closed periods differently. Another plan is a change with a day of its own, and
-- judged by the program. Dates that rest on the plan's terms stay as they were when it came. An end that the source has
-- named before is nothing new, also where somebody has set another one since.
UPDATE landed_subscription AS l
SET verdict = 'fixed_field', field = j.field, found = j.found
FROM (
    SELECT n.place,
        CASE
            WHEN s.customer_id <> c.customer_id THEN 'customer'
            WHEN s.anchor <> n.anchor AND NOT n.anchor_is_plans THEN 'anchor'
            WHEN s.signed_up <> n.signed_up THEN 'signed_up'
            WHEN s.starts <> n.starts AND NOT n.start_is_plans THEN 'starts'
            WHEN s.currency <> n.currency THEN 'currency'
            -- The catalog dates what a contract says, so one may come; what closed periods were rated with may not go.
            WHEN s.contract <> coalesce(n.contract, '') THEN 'contract'
            WHEN s.coupon <> coalesce(n.coupon, '') THEN 'coupon'
            WHEN s.coupon_from IS DISTINCT FROM n.coupon_from AND least(s.coupon_from, n.coupon_from) < o.starts
                AND o.starts > s.starts THEN 'coupon_from'
            WHEN n.time_zone_from IS NULL AND z.latest <> n.time_zone THEN 'time_zone'
            -- The days of closed periods have been counted.
            WHEN z.on_day <> n.time_zone AND coalesce(n.time_zone_from < o.starts, true) THEN 'time_zone_from'
            -- Ended and closed to the end: there is no period left that another end could lengthen or shorten.
            WHEN o.subscription_id IS NULL AND h.ends IS DISTINCT FROM n.ends THEN 'ends'
            -- The open period has begun: it is billed whole, so an end before its start comes too late. Before the first
            -- one, an end lies in the trial.
            WHEN h.ends IS DISTINCT FROM n.ends AND n.ends < o.starts AND o.starts > s.starts THEN 'ends'
        END AS field,
        CASE
            WHEN s.customer_id <> c.customer_id THEN n.customer_key
            WHEN s.anchor <> n.anchor AND NOT n.anchor_is_plans THEN n.anchor::text
            WHEN s.signed_up <> n.signed_up THEN n.signed_up::text
            WHEN s.starts <> n.starts AND NOT n.start_is_plans THEN n.starts::text
            WHEN s.currency <> n.currency THEN n.currency
            WHEN s.contract <> coalesce(n.contract, '') THEN coalesce(n.contract, 'no contract')
            WHEN s.coupon <> coalesce(n.coupon, '') THEN coalesce(n.coupon, 'no coupon')
            WHEN s.coupon_from IS DISTINCT FROM n.coupon_from AND least(s.coupon_from, n.coupon_from) < o.starts
                AND o.starts > s.starts THEN n.coupon_from::text
            WHEN n.time_zone_from IS NULL AND z.latest <> n.time_zone THEN n.time_zone
            WHEN z.on_day <> n.time_zone AND coalesce(n.time_zone_from < o.starts, true) THEN n.time_zone_from::text
            ELSE coalesce(n.ends::text, 'no end')
        END AS found
    FROM landed_subscription AS n
    JOIN meterbook.customer AS c ON c.key = n.customer_key
    JOIN meterbook.subscription AS s ON s.key = n.key
    LEFT JOIN meterbook.open_period AS o ON o.customer_id = s.customer_id AND o.subscription_id = s.subscription_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN s.said_ends IS NULL THEN s.ends ELSE nullif(s.said_ends, 'infinity') END AS ends
    ) AS h
    CROSS JOIN LATERAL (
        SELECT
            coalesce((
                SELECT k.time_zone FROM meterbook.subscription_zone AS k
                WHERE k.customer_id = s.customer_id AND k.subscription_id = s.subscription_id
                ORDER BY k.from_day DESC LIMIT 1), s.time_zone) AS latest,
            CASE WHEN n.time_zone_from IS NOT NULL THEN
                coalesce((
                    SELECT k.time_zone FROM meterbook.subscription_zone AS k
                    WHERE k.customer_id = s.customer_id AND k.subscription_id = s.subscription_id
                        AND k.from_day <= n.time_zone_from
                    ORDER BY k.from_day DESC LIMIT 1), s.time_zone)
            END AS on_day
    ) AS z
    WHERE n.verdict IS NULL
) AS j
WHERE j.place = l.place AND j.field IS NOT NULL
