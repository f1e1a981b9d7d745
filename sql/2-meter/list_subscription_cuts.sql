-- grain:  one row a day on which the totals of one subscription begin anew
-- params: $1 subscriptions, or NULL for all
-- locks:  none
SELECT subscription_id, day FROM meterbook.subscription_cut
WHERE $1::bigint[] IS NULL OR subscription_id = ANY ($1::bigint[])
