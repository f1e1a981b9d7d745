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
        let start = stored.month.adding(months: -12) ?? stored.windowStarts
        guard let range = DateRange(start: min(start, stored.windowStarts), end: stored.month) else {
            throw StoreError.inconsistent("a decision without a month before it")
        }
        let rows = try store.monthsByAccount(subscription, rule, in: range, watermark: stored.watermark)
        typealias MonthCount = DecisionExplanation.MonthCount
        let counted = zip(months(from: stored.windowStarts, to: stored.month), stored.counted).map { month, quantity in
            MonthCount(month: month, quantity: quantity)
        }
        let year = months(from: start, to: stored.month).map { month in
            var sum: Int64 = 0
            for row in rows where row.month == month { sum &+= row.quantity }
            return MonthCount(month: month, quantity: sum)
        }
        let accounts = accounts(rows, in: counted.map(\.month))
        let meter = definitions.meters.first { $0.key == rule.rule.meters.first }
        return DecisionExplanation(
            subscription: subscription.key, customer: subscription.customer, customerName: subscription.customerName,
            month: stored.month, decidedOn: stored.decidedOn, catalog: stored.catalog, rule: rule.rule,
            unit: meter?.unit ?? UnitName(one: "", other: ""), places: rule.places, plan: stored.plan,
            planName: name(stored.plan), target: stored.decision.target, targetName: stored.decision.target.map(name),
            decision: stored.decision, counted: counted, accounts: accounts,
            // What lies before the first count is no quiet month: nothing was known of it.
            year: Array(year.drop { $0.quantity == 0 && $0.month < stored.windowStarts }),
            watermark: stored.watermark, change: stored.change)
    }

    private func accounts(
        _ rows: [(account: String, month: CivilDate, quantity: Int64)], in months: [CivilDate]
    ) -> [DecisionExplanation.AccountCount] {
        let names = Set(rows.filter { months.contains($0.month) }.map(\.account)).sorted()
        return names.map { name in
            let quantities = months.map { month in
                rows.first { $0.account == name && $0.month == month }?.quantity ?? 0
            }
            return DecisionExplanation.AccountCount(account: name, quantities: quantities)
        }
    }

    private func months(from start: CivilDate, to end: CivilDate) -> [CivilDate] {
        var months: [CivilDate] = []
        var month = start
        while month < end, let next = month.adding(months: 1) {
            months.append(month)
            month = next
        }
        return months
    }
}
