/// What one billing period of a subscription costs on one plan, line by line: flat prices, then use, then what is missing to
/// a minimum, then discounts.
struct PeriodRating {
    /// As it is while the plan is held.
    private let subscription: Subscription
    /// The days on which the plan is held; nil for all.
    private let stint: DateRange?
    private let plan: RatingPlan
    private let totals: [SliceTotal]
    /// The first day from which there are totals; nil when they reach back as far as need be.
    private let since: CivilDate?
    private var allowancePeriods: LatestPeriod
    private var costs: [Cost] = []
    private var discounting: Discounting

    init(
        _ catalog: RatingCatalog, _ subscription: Subscription, stint: DateRange? = nil, totals: [SliceTotal],
        since: CivilDate?
    ) throws(BillingError) {
        self.subscription = subscription
        self.stint = stint
        plan = try catalog.plan(of: subscription)
        self.totals = totals
        self.since = since
        allowancePeriods = LatestPeriod(anchor: subscription.anchor)
        // Few periods have more than two parts.
        discounting = Discounting(rounding: plan.rounding, isNeeded: plan.hasDiscounts, lines: 2 * plan.mostPrices)
    }

    /// Rates the one period that this was made for.
    ///
    /// - Parameter advance: the day whose prices in advance stand on the invoice, if a paid period begins on it; nil for the
    ///   day after the period, which is the invoice's date.
    /// - Parameter isLastOfPlan: whether another plan is held from then on, whose prices in advance are not this one's.
    mutating func rate(
        _ period: DateRange, advance: CivilDate? = nil, isLastOfPlan: Bool = false, into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        if !period.isEmpty { try rateFlatInArrears(period, into: &lines) }
        let advance = advance ?? period.end
        if !isLastOfPlan, !subscription.hasEnded(by: advance) { try rateFlatInAdvance(from: advance, into: &lines) }
        var rest = held(in: period) ?? .empty(at: period.end)
        while let part = try plan.firstPart(of: rest, for: subscription) {
            for price in part.version.usages {
                if price.terms.isRunning {
                    try rate(price, part.version, for: part.days, in: period, into: &lines)
                } else if part.days.start == period.start {
                    // A quantity of the whole period cannot be divided: it is rated once, on the terms and the plan of its
                    // first day.
                    try rate(price, part.version, for: period, in: period, into: &lines)
                }
            }
            rest = DateRange(ordered: part.days.end, rest.end)
        }
        try rateMinimums(period, into: &lines)
        try rateDiscounts(period, next: advance, into: &lines)
    }

    /// The days of a range on which the plan is held; nil for none. An empty range is one of its own.
    private func held(in range: DateRange) -> DateRange? {
        guard let stint, !range.isEmpty else { return range }
        return DateRange(start: max(range.start, stint.start), end: min(range.end, stint.end))
    }

    // MARK: Flat prices

    private var paidPeriods: BillingCalendar { subscription.paidPeriods }

    /// The paid period that flat prices in arrears are charged for with the invoice of a billing period; nil where none ends
    /// with it.
    ///
    /// - Returns: the whole of it, and what of it the subscription has had.
    func paidInArrears(_ period: DateRange) throws(BillingError) -> (whole: DateRange, charged: DateRange)? {
        var whole = period
        if subscription.paysEvery != plan.invoiceEvery {
            let index = try paidPeriods.index(containing: period.end)
            let boundary = try paidPeriods.boundary(index)
            if boundary == period.end {
                whole = DateRange(ordered: try paidPeriods.boundary(index - 1), period.end)
            } else if subscription.hasEnded(by: period.end) {
                // The last invoice: what began and will never be finished is charged with it.
                whole = DateRange(ordered: boundary, try paidPeriods.boundary(index + 1))
            } else {
                return nil
            }
        }
        if subscription.paysEvery == plan.invoiceEvery, plan.hasProratedArrears, period.start == subscription.starts {
            // A first period between two boundaries is a part of the one that encloses it.
            whole = try paidPeriods.period(containing: period.start)
        }
        return (whole, DateRange(ordered: max(whole.start, subscription.starts), period.end))
    }

    /// What was paid for until the end of the billing period. A price that is not prorated is charged on the terms of the
    /// paid period's first day; a prorated one by the part under each version.
    private mutating func rateFlatInArrears(
        _ period: DateRange, into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        guard let (whole, charged) = try paidInArrears(period), var rest = held(in: charged) else { return }
        if rest.start == charged.start {
            let first = plan.versions[try plan.version(on: charged.start, for: subscription)]
            for price in first.flats where price.terms.charged == .inArrears && !price.terms.isProrated {
                append(price, service: charged, amount: try amount(of: price), into: &lines)
            }
        }
        guard plan.hasProratedArrears else { return }
        while let part = try plan.firstPart(of: rest, for: subscription) {
            for price in part.version.flats where price.terms.charged == .inArrears && price.terms.isProrated {
                guard let proration = Proration(try amount(of: price), days: whole.days, rounding: plan.rounding)
                else { continue }
                let amount = proration.part(
                    from: charged.start.days(until: part.days.start), to: charged.start.days(until: part.days.end))
                append(price, service: part.days, amount: amount, into: &lines)
            }
            rest = DateRange(ordered: part.days.end, rest.end)
        }
    }

    /// What is paid for from a day on, if a paid period begins on it; from the start on until the next one begins.
    private mutating func rateFlatInAdvance(
        from day: CivilDate, into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        guard plan.hasAdvancePrices else { return }
        let whole = try paidPeriods.period(containing: day)
        guard whole.start == day || subscription.starts == day else { return }
        let paid = DateRange(ordered: day, whole.end)
        let version = plan.versions[try plan.version(on: day, for: subscription)]
        for price in version.flats where price.terms.charged == .inAdvance {
            var amount = try amount(of: price)
            if price.terms.isProrated,
                let proration = Proration(amount, days: whole.days, rounding: plan.rounding)
            {
                amount = proration.first(paid.days)
            }
            append(price, service: paid, amount: amount, isAdvance: true, into: &lines)
        }
    }

    // MARK: A change at once

    /// Takes back what was charged in advance for days on which the plan is no longer held.
    ///
    /// - Parameters:
    ///   - day: the first of these days, in a paid period.
    ///   - since: the day from which on that period was charged on this plan.
    mutating func credit(
        from day: CivilDate, chargedSince since: CivilDate, into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        let paid = try paidPeriods.period(containing: day)
        // A first period between two boundaries was charged as so many days from its own start on.
        let first = since == subscription.starts ? since : paid.start
        try rateRest(
            of: paid, from: day, on: since, discountedFrom: max(paid.start, subscription.starts),
            part: (first.days(until: day), first.days(until: paid.end)), isCredit: true, into: &lines)
    }

    /// Charges what is paid in advance for the rest of a paid period.
    mutating func charge(from day: CivilDate, into lines: inout [InvoiceLine]) throws(BillingError) {
        let paid = try paidPeriods.period(containing: day)
        try rateRest(
            of: paid, from: day, on: day, discountedFrom: max(paid.start, subscription.starts),
            part: (paid.start.days(until: day), paid.days), isCredit: false, into: &lines)
    }

    /// A price that is not prorated is neither credited nor charged, and an amount that is taken off for a period has been
    /// taken off: only percentages follow the change.
    private mutating func rateRest(
        of paid: DateRange, from day: CivilDate, on terms: CivilDate, discountedFrom first: CivilDate,
        part: (from: Int, to: Int), isCredit: Bool, into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        guard let rest = DateRange(start: day, end: paid.end) else { return }
        let version = plan.versions[try plan.version(on: terms, for: subscription)]
        for price in version.flats where price.terms.charged == .inAdvance && price.terms.isProrated {
            guard let proration = Proration(try amount(of: price), days: paid.days, rounding: plan.rounding)
            else { continue }
            let amount = proration.part(from: part.from, to: part.to)
            append(price, service: rest, amount: isCredit ? -amount : amount, isAdvance: true, into: &lines)
        }
        for price in version.discounts {
            guard case .percent = price.terms.terms.effect, discounting.hasAdvance(for: price.terms),
                try holds(price.terms.terms, from: first)
            else { continue }
            let (base, off) = try discounting.apply(price.terms, key: price.key, isForPeriod: false, isForNext: true)
            lines.append(
                InvoiceLine(
                    kind: .discount, price: price.id, service: rest, quantity: 0, before: base, threshold: 0,
                    billable: 0, amount: -off, corrects: nil))
        }
    }

    private func amount(of price: RatingPrice<FlatPrice>) throws(BillingError) -> Int64 {
        guard let amount = price.terms.amount(every: subscription.paysEvery) else {
            throw BillingError.noAmount(price: price.key, cadence: subscription.paysEvery)
        }
        return amount
    }

    private mutating func append(
        _ price: RatingPrice<FlatPrice>, service: DateRange, amount: Int64, isAdvance: Bool = false,
        into lines: inout [InvoiceLine]
    ) {
        discounting.add(price: price.number, amount: amount, isAdvance: isAdvance)
        lines.append(
            InvoiceLine(
                kind: .flat, price: price.id, service: service, quantity: 1, before: 0, threshold: 0, billable: 1,
                amount: amount, corrects: nil))
    }

    // MARK: Use

    /// What an allowance period has cost until the end of the billing period.
    private struct Cost {
        /// The plan's number of the price's key.
        let price: Int
        let allowancePeriod: DateRange
        let minor: Int64
    }

    private mutating func rate(
        _ price: RatingPrice<RatingUsage>, _ version: RatingVersion, for days: DateRange, in period: DateRange,
        into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        let usage = price.terms
        let counted = try AllowanceCount(
            of: usage, from: version.start(for: subscription),
            period: allowancePeriods.period(of: usage.terms.per, containing: days.start),
            starts: subscription.starts, totals: totals)
        let allowancePeriod = counted.period
        if let since, allowancePeriod.start < since {
            throw BillingError.usageOutOfReach(price: usage.key, from: allowancePeriod.start, since: since)
        }
        let key = usage.terms.meter
        let before = try totals.sum(usage.meterID, from: counted.share.countsFrom, to: days.start, meterKey: key)
        let isStart = days.start == max(allowancePeriod.start, subscription.starts)
        let rated = try usage.rate(
            quantity: totals.sum(usage.meterID, from: days.start, to: days.end, meterKey: key),
            before: RatingUsage.Count(quantity: before, isStart: isStart), threshold: counted.threshold,
            maximum: counted.share.maximum)
        discounting.add(price: price.number, rated: rated, maximum: counted.share.maximum)
        lines.append(
            InvoiceLine(
                kind: .usage, price: price.id, service: days, quantity: rated.quantity, before: rated.before,
                threshold: rated.threshold, billable: rated.billable, amount: rated.amount, corrects: nil))
        if plan.hasMinimums, days.end == period.end {
            let cost = min(rated.uncappedAfter, counted.share.maximum ?? rated.uncappedAfter)
            if costs.isEmpty { costs.reserveCapacity(version.usages.count) }
            costs.append(Cost(price: price.number, allowancePeriod: allowancePeriod, minor: cost))
        }
    }

    /// At the end of the allowance period, or of the subscription, what its use has cost is known. It is taken as rated on
    /// the terms in force at the end.
    private mutating func rateMinimums(
        _ period: DateRange, into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        guard plan.hasMinimums, !period.isEmpty, let lastDay = period.end.adding(days: -1),
            held(in: period)?.end == period.end
        else { return }
        let version = plan.versions[try plan.version(on: lastDay, for: subscription)]
        for price in version.minimums {
            let minimum = price.terms
            guard let allowancePeriod = costs.first(where: { minimum.on.contains($0.price) })?.allowancePeriod,
                allowancePeriod.end == period.end || subscription.hasEnded(by: period.end)
            else { continue }
            var cost: Int64 = 0
            for part in costs where minimum.on.contains(part.price) {
                let (sum, overflow) = cost.addingReportingOverflow(part.minor)
                guard !overflow else { throw BillingError.amountOverflow(price: price.key) }
                cost = sum
            }
            let least = minimum.amount(
                of: allowancePeriod, from: subscription.starts, until: period.end, rounding: plan.rounding)
            let missing = cost < least ? least - cost : 0
            discounting.add(price: price.number, amount: missing)
            lines.append(
                InvoiceLine(
                    kind: .minimum, price: price.id, service: DateRange(ordered: allowancePeriod.start, period.end),
                    quantity: 0, before: cost, threshold: least, billable: 0, amount: missing, corrects: nil))
        }
    }

    // MARK: Discounts

    /// - Parameter next: the first day of the period that what is paid in advance on this invoice belongs to.
    private mutating func rateDiscounts(
        _ period: DateRange, next: CivilDate, into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        guard plan.hasDiscounts else { return }
        // The opening has no days of its own: what it discounts is the first period that is paid for. A plan that was left
        // before the period began has lines for the stint alone.
        let service =
            period.isEmpty
            ? DateRange(ordered: period.start, try paidPeriods.period(containing: period.start).end)
            : held(in: period) ?? stint ?? period
        let version = plan.versions[try plan.version(on: service.start, for: subscription)]
        for price in version.discounts {
            let discount = price.terms
            // An amount is taken off once a period, on the plan of its first day.
            if case .amount = discount.terms.effect, service.start > period.start { continue }
            let isForPeriod =
                period.isEmpty ? false : try holds(discount.terms, from: min(service.start, period.start))
            let isForNext = discounting.hasAdvance(for: discount) ? try holds(discount.terms, from: next) : false
            guard isForPeriod || isForNext else { continue }
            let (base, off) = try discounting.apply(
                discount, key: price.key, isForPeriod: isForPeriod, isForNext: isForNext)
            lines.append(
                InvoiceLine(
                    kind: .discount, price: price.id, service: service, quantity: 0, before: base, threshold: 0,
                    billable: 0, amount: -off, corrects: nil))
        }
    }

    /// Whether a discount holds in the billing period that begins on a day.
    private func holds(_ discount: Discount, from start: CivilDate) throws(BillingError) -> Bool {
        if let pays = discount.pays, pays != subscription.paysEvery { return false }
        if let until = discount.until, start >= until { return false }
        guard discount.coupon != nil || discount.periods != nil else { return true }
        let calendar = BillingCalendar(anchor: subscription.anchor, cadence: plan.invoiceEvery)
        let number = try calendar.index(containing: start)
        var first = subscription.starts
        if let coupon = discount.coupon {
            guard let held = subscription.coupon, held.code == coupon, try held.from < calendar.boundary(number + 1)
            else { return false }
            first = max(first, held.from)
        }
        guard let periods = discount.periods else { return true }
        return try number - calendar.index(containing: first) < periods
    }
}

extension CivilDate {
    /// How many days lie between this day and another; negative when it lies before.
    func days(until day: CivilDate) -> Int {
        Int(day.daysSince1970) - Int(daysSince1970)
    }
}
