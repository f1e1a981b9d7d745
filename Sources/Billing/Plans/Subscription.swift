/// What a customer holds, as far as rating needs to know it.
package struct Subscription: Hashable, Sendable {
    /// The store's number of the plan.
    package var plan: Int32
    /// Changes to other plans and of how often they are paid, in order of time; before the first of them `plan` is held.
    package var changes: [Change] = []
    /// The date from which all boundaries are computed.
    package var anchor: CivilDate
    /// The first day that is billed: the first period begins here, also between two boundaries. Usage of earlier days
    /// counts towards allowances and is never billed.
    package var starts: CivilDate
    /// The date that decides to which cohort the subscription belongs.
    package var signedUp: CivilDate
    /// How often the flat prices are paid; a multiple of the plan's invoice cadence.
    package var paysEvery: Cadence
    /// The boundary from which the periods that it pays for are counted, since it pays in another rhythm; nil for the anchor
    /// date.
    package var paidFrom: CivilDate?
    /// The ISO 4217 code of its invoices; nil for the catalog's own currency.
    package var currency: String?
    /// No billing period begins on or after this day; nil while the subscription goes on.
    package var ends: CivilDate?
    /// The contract whose terms go before the plan's own; nil for none.
    package var contract: String?
    package var coupon: Coupon?

    /// Another plan from a day on.
    package struct Change: Hashable, Sendable {
        package var day: CivilDate
        /// The store's number of the plan.
        package var plan: Int32
        /// How often it is paid from then on; nil where that stays. Only on a day on which a period begins that the
        /// subscription pays for.
        package var paysEvery: Cadence?
        /// Whether credit and charge have an invoice of their own; otherwise a period begins on the day, and the close of the
        /// one before it bills what is paid in advance.
        package var isAtOnce: Bool

        package init(day: CivilDate, plan: Int32, paysEvery: Cadence? = nil, isAtOnce: Bool = false) {
            self.day = day
            self.plan = plan
            self.paysEvery = paysEvery
            self.isAtOnce = isAtOnce
        }
    }

    /// What a customer has to show for a discount.
    package struct Coupon: Hashable, Sendable {
        package var code: String
        /// The day on which it was taken.
        package var from: CivilDate

        package init(code: String, from: CivilDate) {
            self.code = code
            self.from = from
        }
    }

    package init(
        plan: Int32, anchor: CivilDate, starts: CivilDate, signedUp: CivilDate, paysEvery: Cadence,
        currency: String? = nil, ends: CivilDate?, contract: String? = nil, coupon: Coupon? = nil
    ) {
        self.plan = plan
        self.anchor = anchor
        self.starts = starts
        self.signedUp = signedUp
        self.paysEvery = paysEvery
        self.currency = currency
        self.ends = ends
        self.contract = contract
        self.coupon = coupon
    }

    /// The number of the plan that it changes to last. All that it ever had are invoiced in the same periods, and a catalog
    /// need not have the earlier ones any more.
    var latestPlan: Int32 { changes.last?.plan ?? plan }

    /// The numbers of all plans that it has held or is about to.
    package var plans: [Int32] { [plan] + changes.map(\.plan) }

    /// The subscription as it is on a day, on the plan of that day.
    package func held(on day: CivilDate) -> Subscription { after(changes.prefix { $0.day <= day }) }

    /// The subscription as it is renewed on a day: without what is changed at once on that day, when it has been renewed.
    func renewed(on day: CivilDate) -> Subscription {
        after(changes.prefix { $0.day < day || ($0.day == day && !$0.isAtOnce) })
    }

    private func after(_ changes: ArraySlice<Change>) -> Subscription {
        guard let change = changes.last else { return self }
        var held = self
        held.plan = change.plan
        if let rhythm = changes.last(where: { $0.paysEvery != nil }), let cadence = rhythm.paysEvery {
            held.paysEvery = cadence
            // Who begins in another rhythm pays from his anchor date on, like all who begin in it.
            if rhythm.day != starts { held.paidFrom = rhythm.day }
        }
        return held
    }

    /// The periods that flat prices are paid for.
    package var paidPeriods: BillingCalendar {
        guard let paidFrom else { return BillingCalendar(anchor: anchor, cadence: paysEvery) }
        return BillingCalendar(anchor: anchor, cadence: paysEvery, from: paidFrom)
    }

    /// Whether another one has the same plan and pays for it in the same periods.
    func pays(as other: Subscription) -> Bool {
        plan == other.plan && paysEvery == other.paysEvery && paidFrom == other.paidFrom
    }

    /// A stretch of days on one plan, and the subscription as it is in it.
    package struct Stint: Hashable, Sendable {
        package var days: DateRange
        package var held: Subscription
    }

    /// The parts of a range in which one plan is held each, in order of time; none of an empty range.
    package func stints(of range: DateRange) -> [Stint] {
        var stints: [Stint] = []
        var start = range.start
        for change in changes where range.start < change.day && change.day < range.end {
            guard let days = DateRange(start: start, end: change.day) else { continue }
            stints.append(Stint(days: days, held: held(on: start)))
            start = change.day
        }
        if let days = DateRange(start: start, end: range.end) {
            stints.append(Stint(days: days, held: held(on: start)))
        }
        return stints
    }

    /// Whether a period that begins on `day` would begin after the end.
    package func hasEnded(by day: CivilDate) -> Bool {
        ends.map { $0 <= day } ?? false
    }
}

/// The period that a subscription is in: the next one to be closed.
package struct OpenPeriod: Hashable, Sendable {
    /// Counted from the anchor date, from 0; negative before it.
    package var number: Int32
    /// From boundary to boundary; the first one from the subscription's start to the next boundary.
    package var period: DateRange
    /// The first day whose usage has a say in the period's invoice: where the longest allowance period began.
    package var countsFrom: CivilDate

    package init(number: Int32, period: DateRange, countsFrom: CivilDate) {
        self.number = number
        self.period = period
        self.countsFrom = countsFrom
    }
}

extension RatingCatalog {
    /// The period of a subscription that contains `day`, or nil when the subscription has ended by its first day.
    package func openPeriod(
        of subscription: Subscription, containing day: CivilDate
    ) throws(BillingError) -> OpenPeriod? {
        let plan = try plan(subscription.latestPlan)
        let calendar = BillingCalendar(anchor: subscription.anchor, cadence: plan.invoiceEvery)
        return try openPeriod(of: subscription, number: calendar.index(containing: day))
    }

    /// Where billing begins: the first period, or before it the opening, when something is paid in advance from the start.
    /// Nil when the subscription ends before it starts.
    package func firstPeriod(of subscription: Subscription) throws(BillingError) -> OpenPeriod? {
        guard let first = try openPeriod(of: subscription, containing: subscription.starts) else { return nil }
        let plan = try plan(subscription.latestPlan)
        let version = plan.versions[try plan.version(on: subscription.starts, for: subscription)]
        let isPaidInAdvance = version.flats.contains { $0.terms.charged == .inAdvance }
        return isPaidInAdvance ? try openPeriod(of: subscription, number: Int(first.number) - 1) : first
    }

    /// The period number `number` of a subscription, or nil when it would begin on or after the subscription's end.
    ///
    /// The first period has the number of the boundaries around it, and is short where the start lies between them:
    ///
    ///     boundaries      01-31 ───────── 02-28 ───────── 03-31
    ///     starts                   02-10
    ///     periods                  ├─ 0 ──┤────── 1 ──────┤
    package func openPeriod(of subscription: Subscription, number: Int) throws(BillingError) -> OpenPeriod? {
        let plan = try plan(subscription.latestPlan)
        let calendar = BillingCalendar(anchor: subscription.anchor, cadence: plan.invoiceEvery)
        let whole = try calendar.period(number)
        // What would lie before the start is the opening: empty, on the day on which what is paid in advance is first paid.
        let period =
            DateRange(start: max(whole.start, subscription.starts), end: whole.end) ?? .empty(at: subscription.starts)
        if let ends = subscription.ends, period.start >= ends { return nil }
        guard let number = Int32(exactly: number) else {
            throw BillingError.dateOutOfRange(anchor: subscription.anchor, cadence: plan.invoiceEvery, index: number)
        }
        var countsFrom = period.start
        if subscription.changes.isEmpty || period.isEmpty {
            let held =
                subscription.changes.isEmpty ? plan : try self.plan(subscription.held(on: period.start).plan)
            countsFrom = try allowanceStart(held, anchor: subscription.anchor, on: period.start, within: whole)
        } else {
            for stint in subscription.stints(of: period) {
                let held = try self.plan(stint.held.plan)
                countsFrom = min(
                    countsFrom,
                    try allowanceStart(held, anchor: subscription.anchor, on: period.start, within: whole))
            }
        }
        return OpenPeriod(number: number, period: period, countsFrom: countsFrom)
    }

    /// The first day from which everything can be rated again when the usage of `day` has changed: the latest day, on or
    /// before it, on which none of the plan's allowance periods is under way.
    ///
    /// That may lie before the longest allowance period around the day, where one is no multiple of another:
    ///
    ///     every 3 months      0 ─────────── 3 ─────────── 6
    ///     every 2 months      0 ────── 2 ────── 4 ────── 6
    ///     late in month 5                   3 ···· x        month 3 lies in an allowance period that began in month 2,
    ///     so from             0                             and that in one that began in month 0
    package func allowanceStart(of subscription: Subscription, on day: CivilDate) throws(BillingError) -> CivilDate {
        // An earlier catalog need not have all of them.
        let plans = subscription.plans.compactMap { self.plans[$0] }
        guard !plans.isEmpty else { throw BillingError.unknownPlan(id: subscription.plan) }
        var start = day
        while true {
            var earlier = start
            for plan in plans {
                earlier = min(earlier, try allowanceStart(plan, anchor: subscription.anchor, on: start))
            }
            if earlier == start { return start }
            start = earlier
        }
    }

    /// Where the longest of the plan's allowance periods around a day begins.
    ///
    /// - Parameter whole: a billing period that is known already; as an allowance period it need not be found again.
    private func allowanceStart(
        _ plan: RatingPlan, anchor: CivilDate, on day: CivilDate, within whole: DateRange? = nil
    ) throws(BillingError) -> CivilDate {
        var earliest = day
        for cadence in plan.allowanceCadences {
            if let whole, cadence == plan.invoiceEvery, whole.contains(day) {
                earliest = min(earliest, whole.start)
                continue
            }
            let calendar = BillingCalendar(anchor: anchor, cadence: cadence)
            earliest = min(earliest, try calendar.boundary(calendar.index(containing: day)))
        }
        return earliest
    }

    /// How the usage of a subscription is cut into totals, given every date on which the store cuts.
    package func slicing(of subscription: Subscription, cuts: [CivilDate]) throws(BillingError) -> Slicing {
        let plan = try plan(subscription.latestPlan)
        return Slicing(
            calendar: BillingCalendar(anchor: subscription.anchor, cadence: plan.invoiceEvery),
            starts: subscription.starts, cuts: cuts)
    }
}
