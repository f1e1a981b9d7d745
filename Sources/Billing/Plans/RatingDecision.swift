/// A rule made ready for deciding: with the store's numbers in the place of keys.
package struct RatingDecision: Sendable {
    package let ladder: DecisionLadder
    /// The numbers of the ladder's plans, in its order.
    package let plans: [Int32]
    /// The numbers of its meters of which the pulls keep running totals.
    package let running: [Int32]
    /// Its other meters: they are counted from the readings. (Their totals, where there are any, are those of the
    /// days that an invoice bills.)
    package let counted: [RatingMeter]
    /// Under which the readings of all its meters are stored.
    package let series: [Int32]
    /// The decimal places of its meters.
    package let places: Int
    /// How often the plans of its ladder are invoiced, all of them alike.
    let invoiceEvery: Cadence

    package var rule: DecisionRule { ladder.rule }

    /// Nil when a number is missing.
    init?(_ rule: DecisionRule, plans: [String: Int32], meters: [String: RatingMeter], of catalog: Catalog) {
        guard let first = catalog.plans.first(where: { $0.key == rule.ladder.first?.plan }) else { return nil }
        invoiceEvery = first.invoiceEvery
        self.plans = rule.ladder.compactMap { plans[$0.plan] }
        let rated = rule.meters.compactMap { meters[$0] }
        guard self.plans.count == rule.ladder.count, rated.count == rule.meters.count else { return nil }
        running = rated.filter(\.definition.isRunning).map(\.id)
        counted = rated.filter { !$0.definition.isRunning }
        series = Set(rated.map(\.series)).sorted()
        places = rated.first?.definition.quantityPlaces ?? 0
        ladder = DecisionLadder(rule, places: places)
    }

    package func number(ofPlan key: String) -> Int32? {
        rule.ladder.firstIndex { $0.plan == key }.map { plans[$0] }
    }

    package func key(ofPlan number: Int32) -> String? {
        plans.firstIndex(of: number).map { rule.ladder[$0].plan }
    }
}

/// A decision with what it was made from and what follows from it.
package struct MadeDecision: Hashable, Sendable {
    package let decision: Decision
    /// What each complete month, or period, counted that the subscription has behind it, in order.
    package let counted: [Int64]
    /// The first day of the first of them.
    package let windowStarts: CivilDate
    /// Where the change takes effect; nil where nothing changes.
    package let takesEffect: CivilDate?
}

extension RatingCatalog {
    /// Decides on the plan of a subscription on a day. A change takes effect where the next period begins that the
    /// subscription pays for, so nothing that was paid has to be divided.
    ///
    /// - Parameters:
    ///   - totals: what was counted in slices of the window, each by its first day.
    ///   - countedSince: the first day on which the subscription's use was counted; nil while nothing is. What lies before
    ///     it is not known, which is something else than nothing.
    ///   - lastChange: when a decision last changed the plan; nil when none did.
    ///   - isPending: whether a decision has announced a change that has not taken effect.
    /// - Returns: nil for a subscription that the rule is not for.
    package func decide(
        _ rule: RatingDecision, for subscription: Subscription, on day: CivilDate,
        totals: [(start: CivilDate, quantity: Int64)], countedSince: CivilDate?, lastChange: CivilDate?, isPending: Bool
    ) throws(BillingError) -> MadeDecision? {
        guard let plan = rule.key(ofPlan: subscription.plan) else { return nil }
        let calendar = rule.calendar(anchor: subscription.anchor)
        let due = rule.rule.due(inMonthOf: day)
        let end = try calendar.index(containing: due)
        var history = 0
        if let countedSince {
            history = try calendar.completePeriods(from: rule.known(since: countedSince, of: subscription), before: due)
        }
        let counted = try counts(
            calendar, from: end - rule.rule.window.count, until: end, totals, rule
        ).suffix(min(history, rule.rule.window.count))
        let starts = try calendar.boundary(end - counted.count)
        guard
            var decision = try rule.ladder.decide(
                plan: plan, counted: Array(counted), history: history,
                sinceChange: lastChange?.startOfMonth.completeMonths(before: day))
        else { return nil }
        var takesEffect: CivilDate?
        if decision.outcome != .stays {
            let next = try subscription.paidPeriods.period(containing: max(day, subscription.starts)).end
            let obstacle: Decision.Reason?
            if isPending {
                obstacle = .pending
            } else if !subscription.hasEnded(by: next) {
                let target = rule.number(ofPlan: decision.target ?? plan)
                obstacle = try sells(target, to: subscription, on: next) ? nil : .targetNotSold
            } else {
                obstacle = .ending
            }
            if let obstacle { (decision.outcome, decision.reason) = (.stays, obstacle) } else { takesEffect = next }
        }
        return MadeDecision(decision: decision, counted: Array(counted), windowStarts: starts, takesEffect: takesEffect)
    }

    /// What was counted in each month, or period, by its number. A slice lies within one of them.
    private func counts(
        _ calendar: BillingCalendar, from first: Int, until end: Int, _ totals: [(start: CivilDate, quantity: Int64)],
        _ rule: RatingDecision
    ) throws(BillingError) -> [Int64] {
        var counts = [Int64](repeating: 0, count: end - first)
        for total in totals {
            let index = try calendar.index(containing: total.start) - first
            guard counts.indices.contains(index) else { continue }
            let (sum, overflow) = counts[index].addingReportingOverflow(total.quantity)
            guard !overflow else {
                throw BillingError.quantityOverflow(meter: rule.rule.meters.joined(separator: " + "))
            }
            counts[index] = sum
        }
        return counts
    }

    /// Whether a subscription could be on a plan on a day: a version is for it, with an amount for how often it pays.
    private func sells(
        _ plan: Int32?, to subscription: Subscription, on day: CivilDate
    ) throws(BillingError) -> Bool {
        guard let plan else { return false }
        var moved = subscription
        moved.plan = plan
        let rating = try self.plan(of: moved)
        guard let index = try? rating.version(on: day, for: moved) else { return false }
        return rating.versions[index].flats.allSatisfy { $0.terms.amount(every: subscription.paysEvery) != nil }
    }
}
