/// A share of an allowance that a subscription has reached.
package struct UsageAlert: Hashable, Sendable {
    /// The price with the plan that it stands in: a price of another plan is another one, also under the same key.
    package var plan: String
    package var price: Price
    package var meter: Meter
    /// The allowance period.
    package var period: DateRange
    package var percent: Int32
    package var counted: Int64
    /// The count beyond which units are charged.
    package var threshold: Int64

    /// How a notice names the price: `standard.transactions`.
    package var topic: String { "\(plan).\(price.key)" }
}

extension RatingCatalog {
    /// The plans with a price that has alerts, by number: in its amounts all currencies may differ, in its alerts not.
    package var alertedPlans: [Int32] {
        plans.filter { !$0.value.alertedMeters.isEmpty }.keys.sorted()
    }

    /// Of them those with a version that takes effect at the renewal, on another day for each subscription.
    package var renewedPlans: [Int32] {
        plans.filter { plan in
            !plan.value.alertedMeters.isEmpty && plan.value.versions.contains { $0.takesEffect == .atRenewal }
        }.keys.sorted()
    }

    /// The meters of those prices, by number.
    package var alertedMeters: [Int32] {
        Set(plans.values.flatMap(\.alertedMeters).map(\.meterID)).sorted()
    }

    /// Of them those that are no running totals.
    package var alertedWindowMeters: [Int32] {
        Set(plans.values.flatMap(\.alertedMeters).filter { !$0.isRunning }.map(\.meterID)).sorted()
    }

    /// A day from which on every allowance is counted that an alert of the as-of day may be about, on whatever plan: for who is
    /// about to change, and whose open period was set up for another one.
    package func alertsCountFrom(asOf: CivilDate) -> CivilDate {
        let days = plans.values.filter { !$0.alertedMeters.isEmpty }.map { plan in
            plan.invoiceEvery.mostDays + (plan.allowanceCadences.map(\.mostDays).max() ?? 0)
        }
        return asOf.adding(days: -(days.max() ?? 0)) ?? .earliest
    }

    /// The percentages of its allowances that a subscription has reached: price by price, each in ascending order.
    ///
    /// Looked at are the allowance period that is under way on the as-of day, and the one before it while its last billing
    /// period is not closed: what the last night brings of a period still has to be said. Periods further back are not,
    /// though they may be open in a catch-up: nobody can act on them any more. One that would begin after the end never is.
    ///
    ///     billing periods   ── closed ──┤── open ──┤── under way ──
    ///     monthly allowance     no         yes         yes
    ///     yearly allowance  ├──────────────── yes ───────────────
    ///
    /// - Parameters:
    ///   - open: the next period to be closed.
    ///   - totals: from `open.countsFrom` on, or for who changes to another plan from ``alertsCountFrom(asOf:)``. What begins
    ///     after the as-of day is left out.
    package func alerts(
        of subscription: Subscription, open: OpenPeriod, asOf: CivilDate, totals: [SliceTotal]
    ) throws(BillingError) -> [UsageAlert] {
        // Before the start nothing is told, a run of the past tells nothing of what is closed, and a period that was opened
        // after the end is there for corrections alone.
        guard asOf >= subscription.starts, asOf >= open.period.start, !subscription.hasEnded(by: open.period.start)
        else { return [] }
        let plan = try plan(subscription.latestPlan)
        let calendar = BillingCalendar(anchor: subscription.anchor, cadence: plan.invoiceEvery)
        let current = try calendar.period(containing: asOf)
        // No period begins after the end, but one that has begun goes on to its own.
        let isOver = subscription.hasEnded(by: max(current.start, subscription.starts))
        var alerts: [UsageAlert] = []
        if open.period.start < current.start, let lastDay = current.start.adding(days: -1) {
            let held = try self.plan(of: subscription.held(on: lastDay)).key
            for price in try meteredPrices(of: subscription, on: lastDay)
            where (isOver || price.period.end <= asOf) && !subscription.hasEnded(by: price.period.start) {
                alerts += try price.alerts(plan: held, asOf: asOf, totals: totals)
            }
        }
        if !isOver {
            let held = try self.plan(of: subscription.held(on: asOf)).key
            for price in try meteredPrices(of: subscription, on: asOf)
            where !subscription.hasEnded(by: price.period.start) {
                alerts += try price.alerts(plan: held, asOf: asOf, totals: totals)
            }
        }
        return alerts
    }
}

extension MeteredPrice {
    fileprivate func alerts(
        plan: String, asOf: CivilDate, totals: [SliceTotal]
    ) throws(BillingError) -> [UsageAlert] {
        guard !usage.terms.alerts.isEmpty, let tomorrow = asOf.adding(days: 1) else { return [] }
        let count = try count(totals: totals)
        // A part of a small allowance may be nothing, and of nothing there is no share.
        guard count.threshold > 0 else { return [] }
        let threshold = count.threshold
        let counted = try totals.sum(
            usage.meterID, from: count.share.countsFrom, to: min(period.end, tomorrow), meterKey: meter.key)
        return usage.terms.alerts.filter { percent in
            // Wider than 64 bits, so that no count is too large to be compared.
            Int128(counted) * 100 >= Int128(percent) * Int128(threshold)
        }.map { percent in
            UsageAlert(
                plan: plan, price: price, meter: meter, period: period, percent: percent, counted: counted,
                threshold: threshold)
        }
    }
}

extension Cadence {
    /// It never spans more of them.
    fileprivate var mostDays: Int {
        switch self {
        case .days(let days): days
        case .months(let months): 31 * months
        }
    }
}

extension RatingPlan {
    fileprivate var alertedMeters: [RatingUsage] {
        versions.flatMap(\.usages).map(\.terms).filter { !$0.terms.alerts.isEmpty }
    }
}
