-- grain:  notices whose cause no other has, in their order
-- params: $1 customers, $2 subscriptions, $3 kinds, $4 topics, $5 starts of periods, $6 thresholds, $7 subjects, $8 texts, $9 vendor, $10 as-of date, $11 days between two of one subscription: 1 or 0, $12 run
-- locks:  none but the new rows; the run lock keeps other writers out
-- The id is that of the cause, in the form of a UUID of version 8 (RFC 9562): nothing but the vendor's own keys goes in.
WITH fresh AS MATERIALIZED (
    SELECT n.*, row_number() OVER (PARTITION BY n.customer_id, n.subscription_id ORDER BY n.position) AS number
    FROM (
        SELECT DISTINCT ON (customer_id, subscription_id, kind, topic, period_starts, threshold) *
        FROM unnest(
            $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::date[], $6::integer[], $7::text[], $8::text[]
        ) WITH ORDINALITY AS n (
            customer_id, subscription_id, kind, topic, period_starts, threshold, subject, body, position)
        ORDER BY customer_id, subscription_id, kind, topic, period_starts, threshold, position
    ) AS n
    WHERE NOT EXISTS (
        SELECT FROM meterbook.notice AS o
        WHERE o.customer_id = n.customer_id AND o.subscription_id = n.subscription_id AND o.kind = n.kind
            AND o.topic = n.topic AND o.period_starts = n.period_starts AND o.threshold = n.threshold)
), written AS MATERIALIZED (
    SELECT f.customer_id, f.subscription_id, max(o.due) AS due
    FROM (SELECT DISTINCT customer_id, subscription_id FROM fresh) AS f
    JOIN meterbook.notice AS o ON o.customer_id = f.customer_id AND o.subscription_id = f.subscription_id
    WHERE o.status <> 'withdrawn' AND o.due >= $10::date
    GROUP BY f.customer_id, f.subscription_id
)
INSERT INTO meterbook.notice
    (customer_id, notice_id, subscription_id, kind, topic, period_starts, threshold, subject, body, as_of, due, run_id)
SELECT f.customer_id,
    overlay(overlay(left(encode(sha256(convert_to(concat_ws(E'\x1f',
        $9::text, s.key, f.kind, f.topic, f.period_starts, f.threshold), 'UTF8')), 'hex'), 32)
        PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid,
    f.subscription_id, f.kind, f.topic, f.period_starts, f.threshold, f.subject, f.body, $10::date,
    coalesce(w.due + $11::integer, $10::date) + $11::integer * (f.number - 1)::integer, $12::bigint
FROM fresh AS f
JOIN meterbook.subscription AS s ON s.customer_id = f.customer_id AND s.subscription_id = f.subscription_id
LEFT JOIN written AS w ON w.customer_id = f.customer_id AND w.subscription_id = f.subscription_id
ORDER BY f.position
