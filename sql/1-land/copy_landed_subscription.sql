-- grain:  landed rows
-- params: binary COPY
-- locks:  none
COPY landed_subscription (
    place, file_number, line, row_text, key, customer_key, plan_id, anchor, signed_up, starts, ends, pays_every,
    currency, time_zone, time_zone_from, period_number, period_ends, counts_from, anchor_is_plans, start_is_plans,
    contract, coupon, coupon_from, said_plan_id, said_pays_every, change_at) FROM STDIN (FORMAT binary)
