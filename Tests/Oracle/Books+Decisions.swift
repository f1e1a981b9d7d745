package import Billing

extension OracleBooks {
    /// Decides as the night does: takes back what has lost its reason, reminds, and decides where this month has no decision.
    package mutating func decide(asOf: Day) throws {
        guard let catalog = catalogs.last else { return }
        let tallies = tally.counts(accounts.mapValues(\.holding.zone))
        for rule in catalog.decisions {
            for key in accounts.keys.sorted() {
                guard let account = accounts[key], let counts = tallies[key] else { continue }
                try withdraw(rule, account, counts, catalog, asOf: asOf)
                remind(rule, key, catalog, asOf: asOf)
            }
            guard asOf.day >= rule.day else { continue }
            let since = firstCount(of: rule, catalog)
            for key in accounts.keys.sorted() {
                guard let account = accounts[key], let counts = tallies[key] else { continue }
                try decide(rule, account, counts, catalog, countedSince: since, asOf: asOf)
            }
        }
    }

    private func ask(
        _ rule: DecisionRule, _ account: SubscriptionAccount, _ counts: SubscriptionTally, _ catalog: Catalog,
        on day: Day
    ) throws -> DecisionCase {
        let sold = Sold(catalog, number: catalogs.count - 1, in: account.holding.currency)
        let every = try sold.plan(rule.ladder.first?.plan ?? "").invoiceEvery
        return DecisionCase(
            rule: rule, holding: account.settled, sold: sold, counts: counts, invoiceEvery: every)
    }

    /// The first of the month with the first count of the rule's meters, of anybody.
    private func firstCount(of rule: DecisionRule, _ catalog: Catalog) -> Day? {
        let series = catalog.meters.filter { rule.meters.contains($0.key) }.map(\.series)
        return tally.readings.keys.filter { series.contains($0.series) }.map(\.day).min()?.firstOfMonth
    }

    private mutating func decide(
        _ rule: DecisionRule, _ account: SubscriptionAccount, _ counts: SubscriptionTally, _ catalog: Catalog,
        countedSince: Day?, asOf: Day
    ) throws {
        let holding = account.settled
        guard holding.starts <= asOf, !holding.isOver(on: asOf),
            !account.decisions.contains(where: { $0.month == asOf.firstOfMonth })
        else { return }
        let linked = tally.memberships.filter { $0.subscription == holding.key }.map(\.from).min()
        var since: Day?
        if let linked, let countedSince { since = max(linked, countedSince) }
        let asked = try ask(rule, account, counts, catalog, on: asOf)
        guard
            let made = try asked.decide(
                on: asOf, countedSince: since, lastChange: account.lastDecidedChange, isPending: account.pending != nil)
        else { return }
        accounts[holding.key]?.note(made)
        guard let day = made.takesEffect, let target = made.target else { return }
        let plans = (try asked.sold.plan(target), try asked.sold.plan(made.plan))
        notices.post(
            .announced, to: account, topic: rule.key, period: made.month,
            values(made, plans, effective: day, try asked.words(made, target: plans.0, was: plans.1)), catalog,
            asOf: asOf)
    }

    private mutating func withdraw(
        _ rule: DecisionRule, _ account: SubscriptionAccount, _ counts: SubscriptionTally, _ catalog: Catalog, asOf: Day
    ) throws {
        guard let made = account.announced, made.rule == rule.key else { return }
        let asked = try ask(rule, account, counts, catalog, on: asOf)
        let again = asked.judge(try asked.counted(from: made.windowStarts, made.counted.count).counted, on: made.plan)
        let isOn = again.outcome == "up" ? rule.goesUp : rule.goesDown
        if isOn, again.outcome == made.outcome, again.target == made.target { return }
        accounts[account.holding.key]?.settle("withdrawn", on: asOf)
        notices.withdraw([.announced, .reminder], of: account.holding.key, topic: rule.key, period: made.month)
        let plans = (try asked.sold.plan(made.target ?? ""), try asked.sold.plan(made.plan))
        notices.post(
            .withdrawn, to: account, topic: rule.key, period: made.month,
            values(
                made, plans, effective: made.takesEffect ?? asOf, "The counts that it rested on have been corrected."),
            catalog, asOf: asOf)
    }

    private mutating func remind(_ rule: DecisionRule, _ key: String, _ catalog: Catalog, asOf: Day) {
        guard let account = accounts[key], let made = account.announced, made.rule == rule.key,
            let day = made.takesEffect, day > asOf, !account.holding.isOver(on: day)
        else { return }
        for (index, days) in rule.reminders.enumerated() where day <= asOf + days && made.decidedOn < day + -days {
            tell(.reminder, made, of: account, number: index + 1, catalog, asOf: asOf)
        }
    }

    /// Makes the changes whose day a close has passed.
    mutating func applyChanges(asOf: Day) {
        guard let catalog = catalogs.last else { return }
        for key in accounts.keys.sorted() {
            guard let account = accounts[key], let change = account.pending, change.day <= asOf else { continue }
            if account.holding.isOver(on: change.day) {
                giveUpChange(of: key, asOf: asOf)
                continue
            }
            let made = account.announced
            accounts[key]?.settle("applied", on: asOf)
            guard let made else { continue }
            notices.withdraw([.reminder], of: key, topic: made.rule, period: made.month)
            tell(.applied, made, of: account, number: 0, catalog, asOf: asOf)
        }
    }

    /// Something else has come before a pending change.
    mutating func giveUpChange(of key: String, asOf: Day) {
        if let made = accounts[key]?.announced {
            notices.withdraw([.announced, .reminder], of: key, topic: made.rule, period: made.month)
        }
        accounts[key]?.settle("preempted", on: asOf)
    }

    private mutating func tell(
        _ kind: NoticeTemplates.Kind, _ made: DecisionMade, of account: SubscriptionAccount, number: Int,
        _ catalog: Catalog,
        asOf: Day
    ) {
        guard let rule = catalog.decisions.first(where: { $0.key == made.rule }),
            let asked = try? ask(rule, account, .none, catalog, on: asOf),
            let target = try? asked.sold.plan(made.target ?? ""), let was = try? asked.sold.plan(made.plan),
            let words = try? asked.words(made, target: target, was: was)
        else { return }
        notices.post(
            kind, to: account, topic: made.rule, period: made.month, number: number,
            values(made, (target, was), effective: made.takesEffect ?? asOf, words), catalog, asOf: asOf)
    }

    private func values(
        _ made: DecisionMade, _ plans: (target: Plan, was: Plan), effective: Day, _ reason: String
    ) -> [String: String] {
        [
            "plan": plans.was.name, "new_plan": plans.target.name, "effective": "\(effective)", "reason": reason,
            made.outcome == "up" ? "up" : "down": "yes",
        ]
    }
}
