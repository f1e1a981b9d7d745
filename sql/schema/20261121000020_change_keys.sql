-- migrate:up

-- As in the other tables that a night fills by the thousand: a foreign key looks up, and locks, a row of another table for
-- each new one. Nothing deletes a subscription or a plan, and the check belongs_to_nobody finds what would have been refused.
ALTER TABLE meterbook.plan_change
    DROP CONSTRAINT plan_change_subscription_fk,
    DROP CONSTRAINT plan_change_was_plan_fk,
    DROP CONSTRAINT plan_change_plan_fk;
ALTER TABLE meterbook.notice DROP CONSTRAINT notice_subscription_fk;

-- With its days in the index nobody has to look into the table for when a subscription had its first account.
DROP INDEX meterbook.membership_by_subscription;
CREATE INDEX membership_by_subscription ON meterbook.membership (customer_id, subscription_id, starts);
