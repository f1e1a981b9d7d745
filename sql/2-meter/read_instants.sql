-- grain:  one row a local time, in the order of the parameters
-- params: $1 local times, as if their clocks were UTC's, $2 their time zones
-- locks:  none
-- A time that a clock skips is taken as if it had not been put forward; one that it shows twice is the second.
SELECT n.clock AT TIME ZONE 'UTC' AT TIME ZONE n.time_zone AS instant
FROM unnest($1::timestamptz[], $2::text[]) WITH ORDINALITY AS n (clock, time_zone, place)
ORDER BY n.place
