-- grain:  cuts not known yet
-- params: $1 days
-- locks:  none but the new rows
INSERT INTO meterbook.total_cut (day) SELECT unnest($1::date[]) ON CONFLICT DO NOTHING
