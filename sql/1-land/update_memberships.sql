-- grain:  landed rows of a range of places that are known
-- params: $1 first place, $2 first place after
-- locks:  row locks on changed memberships
UPDATE meterbook.membership AS m SET ends = n.ends
FROM landed_membership AS n
WHERE n.verdict IS NULL AND n.place >= $1 AND n.place < $2
    AND m.account_id = n.account_id AND m.starts = n.starts AND m.ends IS DISTINCT FROM n.ends
