-- migrate:up
-- A million decisions a month that change nothing are a million rows that nobody reads: written one by one they took longer
-- than all the rest of deciding.
CREATE TABLE meterbook.decision_block (
    first_customer_id bigint NOT NULL,
    least_subscription_id bigint NOT NULL,
    month date NOT NULL,
    last_customer_id bigint NOT NULL,
    greatest_subscription_id bigint NOT NULL,
    rule text NOT NULL,
    decided_on date NOT NULL,
    catalog_id integer NOT NULL,
    plan_id integer NOT NULL,
    reason text NOT NULL,
    window_starts date NOT NULL,
    months smallint NOT NULL,
    figure_months smallint NOT NULL,
    watermark bigint NOT NULL,
    run_id bigint NOT NULL,
    subscriptions integer NOT NULL,
    customer_ids bigint[] NOT NULL,
    subscription_ids bigint[] NOT NULL,
    figure_sums bigint[] NOT NULL,
    counted bigint[] NOT NULL,
    CONSTRAINT decision_block_pk PRIMARY KEY (first_customer_id, least_subscription_id, month),
    CONSTRAINT decision_block_customers_in_order CHECK (first_customer_id <= last_customer_id),
    CONSTRAINT decision_block_subscriptions_in_order CHECK (least_subscription_id <= greatest_subscription_id),
    CONSTRAINT decision_block_month_is_first CHECK (extract(day FROM month) = 1),
    CONSTRAINT decision_block_made_in_month CHECK (decided_on >= month AND decided_on < month + 31),
    CONSTRAINT decision_block_up_to_a_year CHECK (months BETWEEN 1 AND 12 AND figure_months BETWEEN 1 AND months),
    CONSTRAINT decision_block_not_empty CHECK (subscriptions > 0),
    CONSTRAINT decision_block_customers_complete CHECK (cardinality(customer_ids) = subscriptions),
    CONSTRAINT decision_block_subscriptions_complete CHECK (cardinality(subscription_ids) = subscriptions),
    CONSTRAINT decision_block_figures_complete CHECK (cardinality(figure_sums) = subscriptions),
    CONSTRAINT decision_block_counts_complete CHECK (cardinality(counted) = subscriptions * months)
) PARTITION BY RANGE (month);
COMMENT ON TABLE meterbook.decision_block IS
    'Decisions that changed nothing, because the plan holds what was counted: those of a batch, a plan and a month in one row. '
    'All others are in plan_decision, and the view decision has both. Rows are only added.';
COMMENT ON COLUMN meterbook.decision_block.first_customer_id IS
    'The least of its customers: a decision is found by the range from this one to last_customer_id.';
COMMENT ON COLUMN meterbook.decision_block.least_subscription_id IS
    'The least of its subscriptions. It has one decision a month, so no other block of the month has it.';
COMMENT ON COLUMN meterbook.decision_block.month IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision_block.last_customer_id IS 'The greatest of its customers.';
COMMENT ON COLUMN meterbook.decision_block.greatest_subscription_id IS
    'The greatest of its subscriptions: nobody behind a place is in a block whose greatest ones lie before it.';
COMMENT ON COLUMN meterbook.decision_block.rule IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision_block.decided_on IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision_block.catalog_id IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision_block.plan_id IS 'The plan of all its subscriptions at that time.';
COMMENT ON COLUMN meterbook.decision_block.reason IS 'Why they stay: a stable word.';
COMMENT ON COLUMN meterbook.decision_block.window_starts IS 'The first of the first month that counted.';
COMMENT ON COLUMN meterbook.decision_block.months IS 'How many months counted.';
COMMENT ON COLUMN meterbook.decision_block.figure_months IS
    'The months of each sum in figure_sums: the figure is their mean.';
COMMENT ON COLUMN meterbook.decision_block.watermark IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision_block.run_id IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision_block.subscriptions IS 'How many decisions it holds.';
COMMENT ON COLUMN meterbook.decision_block.customer_ids IS 'The holder of each subscription.';
COMMENT ON COLUMN meterbook.decision_block.subscription_ids IS 'The subscriptions; the other arrays follow their order.';
COMMENT ON COLUMN meterbook.decision_block.figure_sums IS 'The sum of the figure that was compared, for each subscription.';
COMMENT ON COLUMN meterbook.decision_block.counted IS
    'What each month counted, as in plan_decision: the first month for all subscriptions, then the second one for all …';

-- Numbers that ascend shrink to a tenth, at a fraction of what the other method takes; not every server is built with it.
DO $$
BEGIN
    ALTER TABLE meterbook.decision_block
        ALTER COLUMN customer_ids SET COMPRESSION lz4,
        ALTER COLUMN subscription_ids SET COMPRESSION lz4,
        ALTER COLUMN figure_sums SET COMPRESSION lz4,
        ALTER COLUMN counted SET COMPRESSION lz4;
EXCEPTION
    WHEN feature_not_supported THEN NULL;
END
$$;

CREATE AGGREGATE meterbook.total(bigint) (sfunc = int8pl, stype = bigint, initcond = '0', parallel = safe);
COMMENT ON AGGREGATE meterbook.total(bigint) IS
    'The sum as a bigint, 0 of nothing; one beyond 64 bits is an error. PostgreSQL''s own makes a numeric of every sum, '
    'which takes longer than the additions.';

CREATE VIEW meterbook.decision AS
SELECT d.customer_id, d.subscription_id, d.month, d.rule, d.decided_on, d.catalog_id, d.plan_id, d.outcome, d.reason,
    d.target_plan_id, d.window_starts, d.counted, d.figure_sum, d.figure_months, d.watermark, d.run_id,
    d.customer_id AS first_customer_id, d.customer_id AS last_customer_id
FROM meterbook.plan_decision AS d
UNION ALL
SELECT q.customer_id, q.subscription_id, b.month, b.rule, b.decided_on, b.catalog_id, b.plan_id, 'stays', b.reason,
    NULL::integer, b.window_starts,
    array_remove(ARRAY[q.c1, q.c2, q.c3, q.c4, q.c5, q.c6, q.c7, q.c8, q.c9, q.c10, q.c11, q.c12], NULL),
    q.figure_sum, b.figure_months, b.watermark, b.run_id, b.first_customer_id, b.last_customer_id
FROM meterbook.decision_block AS b
CROSS JOIN LATERAL unnest(
    b.customer_ids, b.subscription_ids, b.figure_sums,
    b.counted[1:b.subscriptions],
    b.counted[b.subscriptions + 1:b.subscriptions * 2],
    b.counted[b.subscriptions * 2 + 1:b.subscriptions * 3],
    b.counted[b.subscriptions * 3 + 1:b.subscriptions * 4],
    b.counted[b.subscriptions * 4 + 1:b.subscriptions * 5],
    b.counted[b.subscriptions * 5 + 1:b.subscriptions * 6],
    b.counted[b.subscriptions * 6 + 1:b.subscriptions * 7],
    b.counted[b.subscriptions * 7 + 1:b.subscriptions * 8],
    b.counted[b.subscriptions * 8 + 1:b.subscriptions * 9],
    b.counted[b.subscriptions * 9 + 1:b.subscriptions * 10],
    b.counted[b.subscriptions * 10 + 1:b.subscriptions * 11],
    b.counted[b.subscriptions * 11 + 1:b.subscriptions * 12])
    AS q (customer_id, subscription_id, figure_sum, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12);
COMMENT ON VIEW meterbook.decision IS
    'Every decision, each in a row: those of plan_decision, and those of decision_block.';
COMMENT ON COLUMN meterbook.decision.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.decision.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.decision.month IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.rule IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.decided_on IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.catalog_id IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.plan_id IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.outcome IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.reason IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.target_plan_id IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.window_starts IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.counted IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.figure_sum IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.figure_months IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.watermark IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.run_id IS 'As in plan_decision.';
COMMENT ON COLUMN meterbook.decision.first_customer_id IS
    'The least customer that is stored with it. Who looks for one customer asks for the range around him as well: nothing '
    'else tells PostgreSQL in which blocks he can be.';
COMMENT ON COLUMN meterbook.decision.last_customer_id IS 'The greatest customer that is stored with it.';
COMMENT ON TABLE meterbook.plan_decision IS
    'What a rule of the catalog made of a subscription in a month, where that is not in decision_block. Rows are only added.';

CREATE OR REPLACE VIEW reporting.plan_decision AS
SELECT c.key AS customer, s.key AS subscription, d.month, d.rule, d.decided_on, p.key AS plan, d.outcome, d.reason,
    t.key AS target_plan, d.window_starts, round(d.figure_sum::numeric / d.figure_months, 2) AS figure,
    h.takes_effect AS change_takes_effect, h.status AS change_status, d.run_id
FROM meterbook.decision AS d
JOIN meterbook.customer AS c USING (customer_id)
JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
JOIN meterbook.plan AS p ON p.plan_id = d.plan_id
LEFT JOIN meterbook.plan AS t ON t.plan_id = d.target_plan_id
LEFT JOIN meterbook.plan_change AS h
    ON h.customer_id = d.customer_id AND h.subscription_id = d.subscription_id AND h.month = d.month;

GRANT SELECT, INSERT ON meterbook.decision_block TO meterbook_billing;
GRANT SELECT ON meterbook.decision_block TO meterbook_auditor;
GRANT SELECT ON meterbook.decision TO meterbook_billing, meterbook_auditor;
GRANT EXECUTE ON FUNCTION meterbook.total(bigint) TO meterbook_billing;
