/// What it costs to change the plan in the midst of a paid period.
///
/// Each flat price that is prorated is credited for the days from the change to the period's end, and the new plan's is
/// charged for the same days (APPSeCONNECT: 100.00 to 160.00 with 20 of 30 days left):
///
///     period     04-01 ──────── 04-11 ────────────────── 05-01
///     old plan   ├── 10 days used ─┤├─ credit −66.67 ────┤
///     new plan                      ├─ charge 106.67 ────┤    40.00 = 60.00 × 20/30
///
/// What was charged in advance is settled at once; what is charged in arrears on the invoice with which the period ends.
/// A price that is not prorated is neither credited nor charged: the old one holds for the whole period, the new one begins
/// with the next.
package struct PlanChange: Hashable, Sendable {
    /// A plan with its terms on some day.
    package struct Terms: Sendable {
        package var plan: Plan
        package var version: PlanVersion

        package init(plan: Plan, version: PlanVersion) {
            self.plan = plan
            self.version = version
        }
    }

    package struct Line: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            /// For days that were or would be charged and are not wanted any more.
            case credit
            /// A part of a period.
            case charge
            /// A whole period.
            case whole
        }

        package var kind: Kind
        package var plan: String
        package var price: String
        package var name: String
        package var service: DateRange
        /// What the whole period costs, in minor units, and its length in days.
        package var wholeAmount: Int64
        package var wholeDays: Int
        /// Minor units; a credit is negative.
        package var amount: Int64
    }

    /// A flat price that the change leaves as it is until the period's end.
    package struct Untouched: Hashable, Sendable {
        package var plan: String
        package var price: String
        package var name: String
        /// Of the new plan: not charged until the next period. Of the old: charged for the whole period.
        package var isNew: Bool
    }

    package let from: Plan
    package let to: Plan
    /// The first day of the new plan's version in force on the day of the change.
    package let versionFrom: CivilDate
    package let period: DateRange
    /// The first day of the new plan.
    package let on: CivilDate
    package let paysEvery: Cadence
    /// What is settled at once.
    package let now: [Line]
    /// What is settled with the invoice at the period's end.
    package let later: [Line]
    /// The flat prices of the invoice at the period's end, with what is settled on it. Use and discounts come in addition.
    package let next: [Line]
    package let untouched: [Untouched]
    package let currency: Currency

    /// Nil unless the day lies in the period.
    ///
    /// - Parameters:
    ///   - old: the old plan on the period's first day, on whose terms the period is charged.
    ///   - new: the new plan on the day of the change.
    ///   - renewed: the new plan on the first day of the period after it.
    ///   - nextPeriod: the paid period that follows.
    package init?(
        from old: Terms, to new: Terms, renewed: Terms, period: DateRange, on day: CivilDate, nextPeriod: DateRange,
        paysEvery: Cadence, currency: Currency, rounding: Rounding
    ) throws(BillingError) {
        guard let rest = DateRange(start: day, end: period.end), period.contains(day) else { return nil }
        self.from = old.plan
        self.to = new.plan
        self.versionFrom = new.version.from
        self.period = period
        self.on = day
        self.paysEvery = paysEvery
        self.currency = currency
        var now: [Line] = []
        var later: [Line] = []
        var next: [Line] = []
        var untouched: [Untouched] = []

        for (terms, isNew) in [(old, false), (new, true)] {
            for (price, flat) in terms.flats {
                let whole = try flat.amount(paysEvery, of: price)
                if !isNew, flat.charged == .inArrears {
                    next.append(Line(whole: whole, price, of: terms.plan, for: period))
                }
                guard flat.isProrated, let proration = Proration(whole, days: period.days, rounding: rounding) else {
                    untouched.append(
                        Untouched(plan: terms.plan.key, price: price.key, name: price.name, isNew: isNew))
                    continue
                }
                let part = proration.part(from: period.start.days(until: day), to: period.days)
                let line = Line(
                    kind: isNew ? .charge : .credit, plan: terms.plan.key, price: price.key, name: price.name,
                    service: rest, wholeAmount: whole, wholeDays: period.days, amount: isNew ? part : -part)
                if flat.charged == .inAdvance { now.append(line) } else { later.append(line) }
            }
        }
        next += later
        for (price, flat) in renewed.flats where flat.charged == .inAdvance {
            next.append(Line(whole: try flat.amount(paysEvery, of: price), price, of: renewed.plan, for: nextPeriod))
        }
        (self.now, self.later, self.next, self.untouched) = (now, later, next, untouched)
    }

    /// The sum of some lines in minor units.
    package static func total(_ lines: [Line]) throws(BillingError) -> Int64 {
        var total: Int64 = 0
        for line in lines {
            let (sum, overflow) = total.addingReportingOverflow(line.amount)
            guard !overflow else { throw BillingError.amountOverflow(price: line.price) }
            total = sum
        }
        return total
    }
}

extension PlanChange.Terms {
    fileprivate var flats: [(Price, FlatPrice)] {
        version.prices.compactMap { if case .flat(let flat) = $0.model { ($0, flat) } else { nil } }
    }
}

extension PlanChange.Line {
    fileprivate init(whole: Int64, _ price: Price, of plan: Plan, for period: DateRange) {
        self.init(
            kind: .whole, plan: plan.key, price: price.key, name: price.name, service: period, wholeAmount: whole,
            wholeDays: period.days, amount: whole)
    }
}

extension FlatPrice {
    fileprivate func amount(_ cadence: Cadence, of price: Price) throws(BillingError) -> Int64 {
        guard let amount = amount(every: cadence) else {
            throw BillingError.noAmount(price: price.key, cadence: cadence)
        }
        return amount
    }
}

// MARK: From a catalog

extension Quoter {
    /// What it would cost to go from one plan to another on a day of a paid period.
    ///
    /// - Parameters:
    ///   - request: of the old plan; its first day is not looked at, and without a sign-up date the period's first day is
    ///     one.
    ///   - period: the paid period that the day lies in.
    package func change(
        _ request: QuoteRequest, to newPlan: String, period: DateRange, on day: CivilDate
    ) throws(QuoteRefusal) -> PlanChange {
        if let edition = try edition(for: request) {
            return try edition.change(request, to: newPlan, period: period, on: day)
        }
        guard request.plan != newPlan else { throw .samePlan(newPlan) }
        guard period.contains(day) else { throw .dayOutsidePeriod(day, period) }
        var old = request
        old.on = period.start
        let oldPlan = try plan(request.plan)
        let (subscription, oldVersion) = try subscription(old, oldPlan)
        let target = try plan(newPlan)
        var moved = subscription
        moved.plan = planID(of: target) ?? subscription.plan
        func terms(on day: CivilDate) throws(QuoteRefusal) -> PlanChange.Terms {
            guard let version = try version(target, on: day, for: moved) else {
                throw .noVersion(
                    plan: newPlan, on: day, signedUp: moved.signedUp, earliest: target.versions.first?.from)
            }
            try checkCadence(moved.paysEvery, target, version)
            return PlanChange.Terms(plan: target, version: version)
        }
        let (new, renewed) = (try terms(on: day), try terms(on: period.end))
        let change: PlanChange?
        do throws(BillingError) {
            change = try PlanChange(
                from: PlanChange.Terms(plan: oldPlan, version: oldVersion), to: new, renewed: renewed, period: period,
                on: day, nextPeriod: try Self.next(after: period, every: moved.paysEvery), paysEvery: moved.paysEvery,
                currency: catalog.currency, rounding: catalog.rounding)
            // Sums that do not fit are refused here, so that whoever shows them need not.
            for lines in [change?.now, change?.later, change?.next] { _ = try PlanChange.total(lines ?? []) }
        } catch {
            throw .billing(error)
        }
        guard let change else { throw .dayOutsidePeriod(day, period) }
        return change
    }

    /// Counted from the period's own start where that is how it came about: from January 31st to February 28th, the next
    /// one ends on March 31st.
    private static func next(after period: DateRange, every cadence: Cadence) throws(BillingError) -> DateRange {
        let calendar = BillingCalendar(anchor: period.start, cadence: cadence)
        guard try calendar.boundary(1) != period.end else { return try calendar.period(1) }
        return try BillingCalendar(anchor: period.end, cadence: cadence).period(0)
    }
}
