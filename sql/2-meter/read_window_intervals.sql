-- grain:  one row an interval of these accounts that may touch its account's days
-- params: $1 accounts, $2 first days, $3 first days after, $4 meters, $5 watermark or NULL for now
-- locks:  none
-- The days are widened, since they are those of some time zone; the program cuts exactly.
SELECT i.account_id, i.channel_id, i.meter_id, i.on_at, i.off_at, i.category
FROM unnest($1::bigint[], $2::date[], $3::date[]) AS a (account_id, first_day, after_day)
CROSS JOIN LATERAL (
    SELECT k.account_id, k.channel_id, k.meter_id, k.on_at, k.off_at, k.category
    FROM meterbook.connection_interval AS k
    WHERE k.account_id = a.account_id AND k.pull_id <= coalesce($5, k.pull_id)
    UNION ALL
    SELECT k.account_id, k.channel_id, k.meter_id, k.on_at, k.off_at, k.category
    FROM meterbook.connection_interval_superseded AS k
    WHERE k.account_id = a.account_id AND k.pull_id <= $5 AND k.superseded_by > $5
) AS i
WHERE i.meter_id = ANY ($4::integer[]) AND i.on_at < meterbook.day_start(a.after_day + 1, 'UTC')
    AND (i.off_at IS NULL OR i.off_at > meterbook.day_start(a.first_day - 1, 'UTC'))
