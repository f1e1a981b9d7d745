-- migrate:up

CREATE TABLE meterbook.plan_decision (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    month date NOT NULL,
    rule text NOT NULL,
    decided_on date NOT NULL,
    catalog_id integer NOT NULL,
    plan_id integer NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    target_plan_id integer,
    window_starts date NOT NULL,
    counted bigint[] NOT NULL,
    figure_sum bigint,
    figure_months smallint,
    watermark bigint NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT plan_decision_pk PRIMARY KEY (customer_id, subscription_id, month),
    CONSTRAINT plan_decision_month_is_first CHECK (extract(day FROM month) = 1),
    CONSTRAINT plan_decision_made_in_month CHECK (decided_on >= month AND decided_on < month + 31),
    CONSTRAINT plan_decision_outcome_known CHECK (outcome IN ('up', 'down', 'stays')),
    CONSTRAINT plan_decision_moves_to_a_plan CHECK (outcome = 'stays' OR target_plan_id IS NOT NULL),
    CONSTRAINT plan_decision_figure_complete CHECK ((figure_sum IS NULL) = (figure_months IS NULL))
) PARTITION BY RANGE (month);
COMMENT ON TABLE meterbook.plan_decision IS
    'What a rule of the catalog made of a subscription in a month, also when nothing changed. Rows are only added.';
COMMENT ON COLUMN meterbook.plan_decision.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.plan_decision.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.plan_decision.month IS 'The first of the month of the decision; the months before it counted.';
COMMENT ON COLUMN meterbook.plan_decision.rule IS 'The key of the rule in the catalog.';
COMMENT ON COLUMN meterbook.plan_decision.decided_on IS 'The as-of date of the run that decided.';
COMMENT ON COLUMN meterbook.plan_decision.catalog_id IS 'The catalog whose rule it was.';
COMMENT ON COLUMN meterbook.plan_decision.plan_id IS 'The plan at that time.';
COMMENT ON COLUMN meterbook.plan_decision.outcome IS 'up, down or stays.';
COMMENT ON COLUMN meterbook.plan_decision.reason IS 'Why: a stable word.';
COMMENT ON COLUMN meterbook.plan_decision.target_plan_id IS
    'The plan that it moves to; with stays the one that it would have moved to, had nothing stood in the way.';
COMMENT ON COLUMN meterbook.plan_decision.window_starts IS 'The first of the first month that counted.';
COMMENT ON COLUMN meterbook.plan_decision.counted IS
    'What each month counted, in order, over all accounts that were linked on its days; in the smallest parts of the unit.';
COMMENT ON COLUMN meterbook.plan_decision.figure_sum IS 'The sum of the figure that was compared; NULL where none was.';
COMMENT ON COLUMN meterbook.plan_decision.figure_months IS 'The months of that sum: the figure is their mean.';
COMMENT ON COLUMN meterbook.plan_decision.watermark IS 'The last pull that the decision could see.';
COMMENT ON COLUMN meterbook.plan_decision.run_id IS 'The run that decided.';

CREATE TABLE meterbook.plan_change (
    customer_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    change_id bigint GENERATED ALWAYS AS IDENTITY,
    takes_effect date NOT NULL,
    was_plan_id integer NOT NULL,
    plan_id integer NOT NULL,
    rule text NOT NULL,
    month date NOT NULL,
    status text NOT NULL DEFAULT 'announced',
    announced_on date NOT NULL,
    announced_run bigint NOT NULL,
    settled_on date,
    settled_run bigint,
    CONSTRAINT plan_change_pk PRIMARY KEY (customer_id, subscription_id, change_id),
    CONSTRAINT plan_change_once_a_window UNIQUE (customer_id, subscription_id, month),
    CONSTRAINT plan_change_subscription_fk FOREIGN KEY (customer_id, subscription_id)
        REFERENCES meterbook.subscription (customer_id, subscription_id),
    CONSTRAINT plan_change_was_plan_fk FOREIGN KEY (was_plan_id) REFERENCES meterbook.plan (plan_id),
    CONSTRAINT plan_change_plan_fk FOREIGN KEY (plan_id) REFERENCES meterbook.plan (plan_id),
    CONSTRAINT plan_change_to_another_plan CHECK (plan_id <> was_plan_id),
    CONSTRAINT plan_change_status_known CHECK (status IN ('announced', 'applied', 'withdrawn', 'preempted')),
    CONSTRAINT plan_change_settled_or_pending CHECK ((status = 'announced') = (settled_on IS NULL)),
    CONSTRAINT plan_change_settled_by_run CHECK ((settled_on IS NULL) = (settled_run IS NULL))
);
CREATE UNIQUE INDEX plan_change_one_pending ON meterbook.plan_change (customer_id, subscription_id)
    WHERE status = 'announced';
COMMENT ON TABLE meterbook.plan_change IS
    'Changes of plan that a decision has announced, and what became of them. At most one of a subscription is pending.';
COMMENT ON COLUMN meterbook.plan_change.customer_id IS 'The holder of the subscription.';
COMMENT ON COLUMN meterbook.plan_change.subscription_id IS 'The subscription.';
COMMENT ON COLUMN meterbook.plan_change.change_id IS 'The store''s number of the change.';
COMMENT ON COLUMN meterbook.plan_change.takes_effect IS
    'The first day on the new plan: where the billing period after the announcement begins.';
COMMENT ON COLUMN meterbook.plan_change.was_plan_id IS 'The plan until then.';
COMMENT ON COLUMN meterbook.plan_change.plan_id IS 'The plan from then on.';
COMMENT ON COLUMN meterbook.plan_change.rule IS 'The key of the rule that decided.';
COMMENT ON COLUMN meterbook.plan_change.month IS 'The month of the decision.';
COMMENT ON COLUMN meterbook.plan_change.status IS
    'announced: pending; applied; withdrawn: restated counts took its reason away; preempted: somebody changed the plan first.';
COMMENT ON COLUMN meterbook.plan_change.announced_on IS 'The as-of date of the run that announced it.';
COMMENT ON COLUMN meterbook.plan_change.announced_run IS 'That run.';
COMMENT ON COLUMN meterbook.plan_change.settled_on IS 'The as-of date of the run that applied, withdrew or gave it up.';
COMMENT ON COLUMN meterbook.plan_change.settled_run IS 'That run.';
