package import Billing

/// What is asked of the counts of one subscription.
package protocol Counted {
    /// What a meter that plainly adds up came to on some days.
    func count(_ meter: Meter, _ days: Span) -> Int
    /// What any other meter comes to for a billing period.
    func quantity(_ meter: Meter, of period: Span) -> Int
}

/// The lines of one plan on the invoice of one billing period.
struct PeriodBill {
    /// As it is while the plan is held.
    let holding: Holding
    /// The days on which the plan is held; nil for all.
    let stint: Span?
    let sold: Sold
    let counts: any Counted
    private(set) var lines: [Line] = []
    /// Of each usage price that ran until the period's end: what its allowance period has cost by then.
    private var costs: [(price: String, period: Span, amount: Int)] = []
    private var discounts: DiscountBill

    init(_ holding: Holding, stint: Span? = nil, _ sold: Sold, _ counts: any Counted) {
        (self.holding, self.stint, self.sold, self.counts) = (holding, stint, sold, counts)
        discounts = DiscountBill(rounding: sold.catalog.rounding)
    }

    private var rounding: Rounding { sold.catalog.rounding }

    /// - Parameter isFollowed: whether another plan is held from the period's end on, which charges its own in advance.
    mutating func write(_ period: Span, isFollowed: Bool = false) throws {
        try writeArrears(period)
        if !isFollowed, !holding.isOver(on: period.end) { try writeAdvance(from: period.end) }
        try writeUse(period)
        try writeMinimums(period)
        try writeDiscounts(period)
    }

    /// The days of a span on which the plan is held.
    private func held(in span: Span) -> Span {
        guard let stint, !span.isEmpty else { return span }
        let (start, end) = (max(span.start, stint.start), min(span.end, stint.end))
        return start < end ? Span(start, end) : Span(end, end)
    }

    private func version(_ index: Int) throws -> PlanVersion { try sold.plan(holding.plan).versions[index] }

    // MARK: Flat prices

    /// The paid period that is charged at a period's end: the whole of it, and what of it was had.
    func arrears(of period: Span) -> (whole: Span, had: Span)? {
        let payments = holding.payments
        let whole: Span
        let before = payments.period(of: period.end + -1)
        if before.end == period.end {
            whole = before
        } else if holding.isOver(on: period.end) {
            whole = payments.period(of: period.end)
        } else {
            return nil
        }
        return (whole, Span(max(whole.start, holding.starts), period.end))
    }

    private mutating func writeArrears(_ period: Span) throws {
        guard !period.isEmpty, let (whole, had) = arrears(of: period) else { return }
        let held = held(in: had)
        guard !held.isEmpty else { return }
        if held.start == had.start {
            let index = try sold.version(for: holding, on: had.start)
            for (price, flat) in flats(try version(index)) where flat.charged == .inArrears && !flat.isProrated {
                add(price, index, service: had, amount: try amount(flat, price), isAdvance: false)
            }
        }
        for part in try sold.parts(of: held, for: holding) {
            for (price, flat) in flats(try version(part.version)) where flat.charged == .inArrears && flat.isProrated {
                let whole = Fraction(try amount(flat, price)) / Fraction(whole.count)
                func until(_ day: Day) -> Int { (whole * Fraction(day - had.start)).rounded(rounding) }
                add(
                    price, part.version, service: part.days, amount: until(part.days.end) - until(part.days.start),
                    isAdvance: false)
            }
        }
    }

    private mutating func writeAdvance(from day: Day) throws {
        let whole = holding.payments.period(of: day)
        guard whole.start == day || holding.starts == day else { return }
        let index = try sold.version(for: holding, on: day)
        for (price, flat) in flats(try version(index)) where flat.charged == .inAdvance {
            var due = try amount(flat, price)
            if flat.isProrated {
                due = (Fraction(due) * Fraction(whole.end - day) / Fraction(whole.count)).rounded(rounding)
            }
            add(price, index, service: Span(day, whole.end), amount: due, isAdvance: true)
        }
    }

    private func flats(_ version: PlanVersion) -> [(Price, FlatPrice)] {
        version.prices.compactMap { if case .flat(let flat) = $0.model { ($0, flat) } else { nil } }
    }

    private func amount(_ flat: FlatPrice, _ price: Price) throws -> Int {
        for amount in flat.amounts where amount.cadence == holding.paysEvery { return Int(amount.minor) }
        throw Puzzle("\(holding.key) cannot pay \(price.key) every \(holding.paysEvery)")
    }

    private mutating func add(_ price: Price, _ version: Int, service: Span, amount: Int, isAdvance: Bool) {
        discounts.add(price.key, amount, isAdvance: isAdvance)
        var line = line("flat", price, version, service)
        (line.quantity, line.billable, line.amount) = (1, 1, amount)
        lines.append(line)
    }

    private func line(_ kind: String, _ price: Price, _ version: Int, _ service: Span) -> Line {
        Line(
            kind: kind, price: price.key, service: service,
            terms: Line.Terms(catalog: sold.number, plan: holding.plan, version: version, price: price.key))
    }

    // MARK: A change at once

    /// Gives back what was charged in advance for the days from one on, and for a plan that begins charges it.
    ///
    /// - Parameters:
    ///   - day: the first of these days, in a paid period.
    ///   - since: the day on whose terms it was, or is, charged.
    mutating func settle(from day: Day, since: Day, isCredit: Bool) throws {
        let paid = holding.payments.period(of: day)
        let first = isCredit && since == holding.starts ? since : paid.start
        let index = try sold.version(for: holding, on: since)
        for (price, flat) in flats(try version(index)) where flat.charged == .inAdvance && flat.isProrated {
            let whole = Fraction(try amount(flat, price)) / Fraction(paid.count)
            func until(_ day: Day) -> Int { (whole * Fraction(day - first)).rounded(rounding) }
            let rest = until(paid.end) - until(day)
            add(
                price, index, service: Span(day, paid.end), amount: isCredit ? -rest : rest, isAdvance: true)
        }
        for (price, discount) in reductions(try version(index)) {
            guard case .percent = discount.effect, discounts.hasAdvance(discount),
                try holds(discount, from: max(paid.start, holding.starts)),
                let taken = discounts.take(discount, isForPeriod: false, isForNext: true)
            else { continue }
            var line = line("discount", price, index, Span(day, paid.end))
            (line.before, line.amount) = (taken.base, -taken.off)
            lines.append(line)
        }
    }

    // MARK: Use

    private mutating func writeUse(_ period: Span) throws {
        guard !period.isEmpty else { return }
        for part in try sold.parts(of: held(in: period), for: holding) {
            let version = try version(part.version)
            for price in version.prices {
                guard case .usage(let usage) = price.model else { continue }
                let meter = try sold.meter(usage.meter)
                if meter.isPlainSum {
                    try write(price, usage, meter, part.version, version, part.days, of: period)
                } else if part.days.start == period.start {
                    // One quantity for the whole period: by the terms of its first day.
                    try write(price, usage, meter, part.version, version, period, of: period)
                }
            }
        }
    }

    private mutating func write(
        _ price: Price, _ usage: UsagePrice, _ meter: Meter, _ number: Int, _ version: PlanVersion, _ days: Span,
        of period: Span
    ) throws {
        let charge = Charge(
            usage: usage, unit: meter.partsOfUnit, minorUnits: sold.catalog.minorUnits, rounding: rounding)
        let share = AllowanceShareBill(charge, holding, on: days.start)
        func counted(_ days: Span) -> Int {
            meter.isPlainSum ? counts.count(meter, days) : days == period ? counts.quantity(meter, of: period) : 0
        }
        let threshold = share.threshold(
            since: sold.start(of: version, for: holding), paid: { counts.count(meter, $0) })
        let before = counted(Span(share.countsFrom, days.start))
        let quantity = counted(days)
        func beyond(_ count: Int) -> Int { max(0, count - threshold) }
        let isFirst = days.start == max(share.period.start, holding.starts)
        let (from, to) = (
            charge.cost(beyond: beyond(before), isFirst: isFirst),
            charge.cost(beyond: beyond(before + quantity), isFirst: false)
        )
        func capped(_ amount: Int) -> Int { share.maximum.map { min($0, amount) } ?? amount }
        discounts.add(
            price.key, capped(to) - capped(from), isAdvance: false, cap: share.maximum.map { ($0, from, to) })
        var line = line("usage", price, number, days)
        (line.quantity, line.before, line.threshold) = (quantity, before, threshold)
        (line.billable, line.amount) = (beyond(before + quantity) - beyond(before), capped(to) - capped(from))
        lines.append(line)
        if days.end == period.end { costs.append((price.key, share.period, capped(to))) }
    }

    // MARK: Minimums

    private mutating func writeMinimums(_ period: Span) throws {
        guard !period.isEmpty, held(in: period).end == period.end, !held(in: period).isEmpty else { return }
        let number = try sold.version(for: holding, on: period.end + -1)
        for price in try version(number).prices {
            guard case .minimum(let minimum) = price.model else { continue }
            let parts = costs.filter { minimum.on.contains($0.price) }
            guard let allowance = parts.first?.period,
                allowance.end == period.end || holding.isOver(on: period.end)
            else { continue }
            let cost = parts.reduce(0) { $0 + $1.amount }
            var least = Int(minimum.amount)
            if minimum.isProrated {
                let had = Span(max(allowance.start, holding.starts), min(allowance.end, period.end))
                least = (Fraction(least) * Fraction(had.count) / Fraction(allowance.count)).rounded(rounding)
            }
            let missing = max(0, least - cost)
            discounts.add(price.key, missing, isAdvance: false)
            var line = line("minimum", price, number, Span(allowance.start, period.end))
            (line.before, line.threshold, line.amount) = (cost, least, missing)
            lines.append(line)
        }
    }

    // MARK: Discounts

    private mutating func writeDiscounts(_ period: Span) throws {
        // The opening has no days: what it discounts is the first period that is paid for.
        var service = Span(period.start, holding.payments.period(of: period.start).end)
        if !period.isEmpty { service = held(in: period).isEmpty ? stint ?? period : held(in: period) }
        let number = try sold.version(for: holding, on: service.start)
        for (price, discount) in reductions(try version(number)) {
            // A fixed sum is taken off once a period, by the plan of its first day.
            if case .amount = discount.effect, service.start > period.start { continue }
            let isForPeriod = try !period.isEmpty && holds(discount, from: min(service.start, period.start))
            let isForNext = try discounts.hasAdvance(discount) && holds(discount, from: period.end)
            guard isForPeriod || isForNext,
                let taken = discounts.take(discount, isForPeriod: isForPeriod, isForNext: isForNext)
            else { continue }
            var line = line("discount", price, number, service)
            (line.before, line.amount) = (taken.base, -taken.off)
            lines.append(line)
        }
    }

    /// Those that come before the maximum, then those that come after it.
    private func reductions(_ version: PlanVersion) -> [(Price, Discount)] {
        let all = version.prices.compactMap { price -> (Price, Discount)? in
            if case .discount(let discount) = price.model { (price, discount) } else { nil }
        }
        return all.filter { $0.1.order == .beforeMaximum } + all.filter { $0.1.order != .beforeMaximum }
    }

    /// Whether a discount holds in the billing period that begins on a day.
    private func holds(_ discount: Discount, from day: Day) throws -> Bool {
        if let pays = discount.pays, pays != holding.paysEvery { return false }
        if let until = discount.until, day >= Day(until) { return false }
        let periods = Rhythm(anchor: holding.anchor, every: try sold.plan(holding.plan).invoiceEvery)
        let number = periods.number(of: day)
        var first = holding.starts
        if let code = discount.coupon {
            guard let coupon = holding.coupon, coupon.code == code, coupon.from < periods.boundary(number + 1) else {
                return false
            }
            first = max(first, coupon.from)
        }
        guard let most = discount.periods else { return true }
        return number - periods.number(of: first) < most
    }
}
