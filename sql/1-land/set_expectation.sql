-- grain:  one source
-- params: $1 source, $2 feeds, $3 every, $4 first day or NULL, $5 days late, $6 days stale, $7 least percent, $8 what a missing day does, $9 a shrunk day, $10 a time without reading it, $11 a missing channel
-- locks:  none but the row
INSERT INTO meterbook.source_expectation AS e
    (source, feeds, every, from_day, late_days, stale_days, least_percent, on_gap, on_shrunk_day, on_unread_source,
    on_missing_channel)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (source) DO UPDATE
    SET feeds = excluded.feeds, every = excluded.every, from_day = excluded.from_day, late_days = excluded.late_days,
        stale_days = excluded.stale_days, least_percent = excluded.least_percent, on_gap = excluded.on_gap,
        on_shrunk_day = excluded.on_shrunk_day, on_unread_source = excluded.on_unread_source,
        on_missing_channel = excluded.on_missing_channel
    WHERE (e.feeds, e.every, e.from_day, e.late_days, e.stale_days, e.least_percent, e.on_gap, e.on_shrunk_day,
            e.on_unread_source, e.on_missing_channel)
        IS DISTINCT FROM (excluded.feeds, excluded.every, excluded.from_day, excluded.late_days, excluded.stale_days,
            excluded.least_percent, excluded.on_gap, excluded.on_shrunk_day, excluded.on_unread_source,
            excluded.on_missing_channel)
