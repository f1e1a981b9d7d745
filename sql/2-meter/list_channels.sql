-- grain:  one row a channel
-- params: $1 channels
-- locks:  none
SELECT channel_id, key, category FROM meterbook.channel WHERE channel_id = ANY ($1::integer[])
