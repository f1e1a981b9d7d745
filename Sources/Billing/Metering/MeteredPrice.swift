/// One metered price of a subscription on a day, with the allowance period that the day falls into.
package struct MeteredPrice: Sendable {
    package let price: Price
    package let usage: RatingUsage
    package let meter: Meter
    package let period: DateRange
    private let versionFrom: CivilDate
    /// The first day on the plan.
    private let heldFrom: CivilDate
    private let anchor: CivilDate
    private let starts: CivilDate

    /// What a customer sees of it.
    ///
    /// - Parameters:
    ///   - totals: every slice of the allowance period.
    ///   - sources: what was counted in the allowance period until the day, by account and channel.
    ///   - window: what the meter's window comes to until the day, where it is no running total.
    package func allowance(
        totals: [SliceTotal], sources: [UsageStatement.SourceCount], window: WindowCount? = nil
    ) throws(BillingError) -> UsageStatement.Allowance {
        let count = try AllowanceCount(
            of: usage, from: versionFrom, anchor: anchor, starts: starts, on: period.start, totals: totals)
        var counted: Int64 = 0
        for source in sources {
            let (sum, overflow) = counted.addingReportingOverflow(source.quantity)
            guard !overflow else { throw BillingError.quantityOverflow(meter: meter.key) }
            counted = sum
        }
        if let window { counted = window.quantity }
        let rated = try rateOnTheseTerms(counted, count, totals)
        return UsageStatement.Allowance(
            price: price.key, name: price.name, meter: meter.key, unit: meter.writtenUnit,
            allowance: count.share.allowance,
            period: period, countedDays: meter.window.otherDays(for: period), counted: counted,
            threshold: count.threshold,
            alreadyPaid: count.alreadyPaid, left: max(0, count.threshold - counted),
            over: rated.billable, overAmount: usage.terms.rate == nil ? nil : rated.amount,
            chargedFrom: chargedFrom, sources: sources)
    }

    /// The first day of the plan and the version, where they took effect within the period: what was counted before is
    /// charged on the terms that held then. Nil where they hold for all of it, and for a quantity of the whole period, which
    /// cannot be divided.
    private var chargedFrom: CivilDate? {
        let from = max(heldFrom, versionFrom)
        return meter.isRunning && from > max(period.start, starts) ? from : nil
    }

    private func rateOnTheseTerms(
        _ counted: Int64, _ count: AllowanceCount, _ totals: [SliceTotal]
    ) throws(BillingError) -> UsageRating {
        var before: Int64 = 0
        if let chargedFrom {
            before = try totals.sum(usage.meterID, from: count.share.countsFrom, to: chargedFrom, meterKey: meter.key)
        }
        // A count of an earlier day than the totals hold may lie below what they begin with.
        return try usage.rate(
            quantity: max(0, counted.subtractingReportingOverflow(before).partialValue),
            before: RatingUsage.Count(quantity: before, isStart: chargedFrom == nil), threshold: count.threshold,
            maximum: count.share.maximum)
    }

    /// The count beyond which units are charged in the allowance period, and from when on it counts.
    ///
    /// - Parameter totals: every slice of the allowance period until the version took effect.
    package func count(totals: [SliceTotal]) throws(BillingError) -> AllowanceCount {
        try AllowanceCount(
            of: usage, from: versionFrom, anchor: anchor, starts: starts, on: period.start, totals: totals)
    }

    fileprivate init(
        price: Price, usage: RatingUsage, meter: Meter, period: DateRange, versionFrom: CivilDate,
        heldFrom: CivilDate, anchor: CivilDate, starts: CivilDate
    ) {
        self.price = price
        self.usage = usage
        self.meter = meter
        self.period = period
        self.versionFrom = versionFrom
        self.heldFrom = heldFrom
        self.anchor = anchor
        self.starts = starts
    }
}

extension RatingCatalog {
    /// The plan of a subscription as it stands in the catalog, and its version in force on a day.
    package func terms(
        of subscription: Subscription, on day: CivilDate
    ) throws(BillingError) -> (plan: Plan, version: PlanVersion) {
        let subscription = subscription.held(on: day)
        let rating = try plan(subscription.plan)
        guard let plan = catalog.plans.first(where: { $0.key == rating.key }) else {
            throw BillingError.unknownPlan(id: subscription.plan)
        }
        return (plan, plan.versions[try rating.version(on: day, for: subscription)])
    }

    /// The metered prices of a subscription in force on a day.
    package func meteredPrices(of subscription: Subscription, on day: CivilDate) throws(BillingError) -> [MeteredPrice]
    {
        let heldFrom = subscription.changes.last { $0.day <= day }?.day ?? subscription.starts
        let subscription = subscription.held(on: day)
        let plan = try plan(of: subscription)
        let version = plan.versions[try plan.version(on: day, for: subscription)]
        let declared = try terms(of: subscription, on: day).version
        let versionFrom = try version.start(for: subscription)
        var prices: [MeteredPrice] = []
        for rating in version.usages {
            let usage = rating.terms
            guard let price = declared.prices.first(where: { $0.key == rating.key }),
                let meter = catalog.meters.first(where: { $0.key == usage.terms.meter })
            else { continue }
            let calendar = BillingCalendar(anchor: subscription.anchor, cadence: usage.terms.per)
            prices.append(
                MeteredPrice(
                    price: price, usage: usage, meter: meter, period: try calendar.period(containing: day),
                    versionFrom: versionFrom, heldFrom: heldFrom, anchor: subscription.anchor,
                    starts: subscription.starts))
        }
        return prices
    }
}
