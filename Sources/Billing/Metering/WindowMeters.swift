/// The meters that have one quantity for each billing period, plan by plan: over the catalog in use and all before it,
/// since a closed period is rated again with its own.
package struct WindowMeters: Sendable {
    private var byPlan: [Int32: [RatingMeter]] = [:]
    /// The catalogs in which a plan has prices of a meter, by plan and meter.
    private var catalogs: [Int32: [Int32: Set<Int32>]] = [:]

    /// Plans between which a rule decides have each other's meters: whoever moves has everything counted already.
    ///
    /// - Parameter catalogs: the one in use last. How a meter counts is fixed, so they agree on it.
    package init(_ catalogs: [RatingCatalog]) {
        for catalog in catalogs {
            for (id, plan) in catalog.plans {
                let ladder = catalog.decisions.first { $0.plans.contains(id) }?.plans ?? []
                for meter in plan.windowMeters {
                    self.catalogs[id, default: [:]][meter.id, default: []].insert(catalog.id)
                    for plan in Set(ladder + [id]) {
                        byPlan[plan, default: []].removeAll { $0.id == meter.id }
                        byPlan[plan, default: []].append(meter)
                    }
                }
            }
        }
    }

    /// The plans that have any, by number.
    package var plans: [Int32] { byPlan.keys.sorted() }

    package var isEmpty: Bool { byPlan.isEmpty }

    /// Whether one of these plans has a price of a meter in a catalog.
    package func isPriced(_ meter: Int32, on plans: [Int32], in catalog: Int32) -> Bool {
        plans.contains { catalogs[$0]?[meter]?.contains(catalog) ?? false }
    }

    /// By number.
    package func ofPlan(_ plan: Int32) -> [RatingMeter] {
        (byPlan[plan] ?? []).sorted { $0.id < $1.id }
    }

    /// Of several plans together, each once, by number.
    package func ofPlans(_ plans: [Int32]) -> [RatingMeter] {
        guard let first = plans.first, plans.contains(where: { $0 != first }) else {
            return plans.first.map(ofPlan) ?? []
        }
        return Dictionary(Set(plans).flatMap(ofPlan).map { ($0.id, $0) }) { first, _ in first }.values
            .sorted { $0.id < $1.id }
    }

    /// All of them, each once.
    package var all: [RatingMeter] {
        Dictionary(byPlan.values.joined().map { ($0.id, $0) }) { first, _ in first }.values.sorted { $0.id < $1.id }
    }
}

extension RatingCatalog {
    /// A billing period whose quantities are wanted, and the days that each meter counts for it.
    package struct MeteredPeriod: Hashable, Sendable {
        package let period: DateRange
        /// In the order of the meters.
        package let windows: [DateRange]
    }

    /// The billing periods of a subscription that end after `until` and on or before the as-of date, in order of time.
    ///
    /// - Parameter limit: at most so many, so that a long time is taken in parts.
    /// - Returns: the periods; `until` when they are done; and the day on which the next one ends, nil when the subscription
    ///   has ended by then.
    package func meteredPeriods(
        of subscription: Subscription, meters: [RatingMeter], after until: CivilDate, asOf: CivilDate, limit: Int
    ) throws(BillingError) -> (periods: [MeteredPeriod], until: CivilDate, due: CivilDate?) {
        var periods: [MeteredPeriod] = []
        var done = until
        // What was counted before the start may have a say in the first period, and has no period of its own.
        var next = try openPeriod(of: subscription, containing: max(until, subscription.starts))
        while let open = next, open.period.end <= asOf, periods.count < limit {
            var windows: [DateRange] = []
            for meter in meters {
                guard let window = meter.definition.window.range(for: open.period) else {
                    throw BillingError.windowOutOfRange(meter: meter.definition.key, period: open.period)
                }
                windows.append(window)
            }
            periods.append(MeteredPeriod(period: open.period, windows: windows))
            done = open.period.end
            next = try openPeriod(of: subscription, number: Int(open.number) + 1)
        }
        return (periods, done, next?.period.end)
    }
}
