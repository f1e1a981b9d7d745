package import Billing
package import Store

extension Look {
    /// The decisions on a subscription's plan, the latest first, without the counts of its accounts.
    package func decisions(_ key: String, limit: Int64) throws -> [LookStore.StoredDecision] {
        try store.decisions(store.subscription(key), month: nil, limit: limit)
    }

    /// Why a subscription's plan changes or stays.
    ///
    /// - Parameter month: any day of the month of the decision; nil for the latest one.
    /// - Throws: `StoreError.noDecision`.
    package func explainDecision(_ key: String, month: CivilDate?) throws -> DecisionExplanation {
        let subscription = try store.subscription(key)
        guard let stored = try store.decisions(subscription, month: month?.startOfMonth, limit: 1).first else {
            throw StoreError.noDecision(subscription: key, month: month?.startOfMonth)
        }
        guard let catalog = try catalogs.all().first(where: { $0.id == stored.catalog }),
            let rule = catalog.decisions.first(where: { $0.rule.key == stored.rule })
        else { throw StoreError.inconsistent("the rule '\(stored.rule)' stands in no catalog") }
        let definitions = catalog.catalog
        func name(_ plan: String) -> String { definitions.plans.first { $0.key == plan }?.name ?? plan }
        let window = try rule.spans(
            from: stored.windowStarts, count: stored.counted.count, anchor: subscription.terms.anchor)
        let year = try rule.year(until: window.last?.end ?? stored.windowStarts, anchor: subscription.terms.anchor)
        // A window may be longer than a year.
        let spans = window.count > year.count ? window : year
        let rows = try store.countsByAccount(subscription, rule, in: spans, watermark: stored.watermark)
        typealias SpanCount = DecisionExplanation.SpanCount
        let counted = zip(window, stored.counted).map { days, quantity in SpanCount(days: days, quantity: quantity) }
        let all = year.map { days in
            var sum: Int64 = 0
            for row in rows where row.start == days.start { sum &+= row.quantity }
            return SpanCount(days: days, quantity: sum)
        }
        let accounts = accounts(rows, in: window)
        let meter = definitions.meters.first { $0.key == rule.rule.meters.first }
        return DecisionExplanation(
            subscription: subscription.key, customer: subscription.customer, customerName: subscription.customerName,
            month: stored.month, decidedOn: stored.decidedOn, catalog: stored.catalog, rule: rule.rule,
            unit: meter?.unit ?? UnitName(one: "", other: ""), places: rule.places, plan: stored.plan,
            planName: name(stored.plan), target: stored.decision.target, targetName: stored.decision.target.map(name),
            decision: stored.decision, counted: counted, accounts: accounts,
            // What lies before the first count is no quiet month: nothing was known of it.
            year: Array(all.drop { $0.quantity == 0 && $0.days.start < stored.windowStarts }),
            watermark: stored.watermark, change: stored.change)
    }

    private func accounts(
        _ rows: [(account: String, start: CivilDate, quantity: Int64)], in window: [DateRange]
    ) -> [DecisionExplanation.AccountCount] {
        let names = Set(rows.filter { row in window.contains { $0.start == row.start } }.map(\.account)).sorted()
        return names.map { name in
            let quantities = window.map { span in
                rows.first { $0.account == name && $0.start == span.start }?.quantity ?? 0
            }
            return DecisionExplanation.AccountCount(account: name, quantities: quantities)
        }
    }
}
