-- grain:  landed rejections that another pull of the same backfill accounts for
-- params: $1 backfill, $2 pull, $3 source
-- locks:  the temporary table alone
-- A source may deliver a row with every chunk that it is asked for: whoever looks at what was rejected sees it once. What a
-- lost pull has kept is accounted for by the one that pulls its days again.
DELETE FROM landed_rejection AS l
USING meterbook.rejected_row AS r, meterbook.backfill_pull AS b, meterbook.pull AS p, meterbook.pull AS own
WHERE b.backfill_id = $1 AND b.pull_id <> $2 AND p.pull_id = b.pull_id AND own.pull_id = $2
    AND (p.status IN ('running', 'succeeded', 'incomplete') OR p.to_day <= own.from_day OR own.to_day <= p.from_day)
    AND r.pull_id = b.pull_id AND r.source = $3
    AND r.reason = l.reason AND r.field = l.field AND r.row_text = l.row_text
