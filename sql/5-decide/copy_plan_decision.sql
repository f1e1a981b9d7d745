-- grain:  decisions of a batch
-- params: binary COPY
-- locks:  none but the new rows
COPY meterbook.plan_decision (
    customer_id, subscription_id, month, rule, decided_on, catalog_id, plan_id, outcome, reason, target_plan_id,
    window_starts, counted, figure_sum, figure_months, watermark, run_id) FROM STDIN (FORMAT binary)
