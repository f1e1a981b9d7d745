/// Answers what a catalog charges for typed-in quantities. Pure, and without a store: the catalog's parts are numbered in
/// their order.
package struct Quoter: Sendable {
    package let catalog: Catalog
    private let rating: RatingCatalog
    /// Price number n stands at n − 1.
    private let prices: [Catalog.PricePlace]
    private let planIDs: [String: Int32]
    private let meterIDs: [String: Int32]
    /// The same in the catalog's other currencies, by their codes.
    private let editions: [String: Quoter]

    /// A paid period of more billing periods is not quoted: each one is an invoice to be rated. A year of days has 366.
    package static let mostPeriods = 400

    /// Nil when a price counts a meter that the catalog does not have; no catalog that was read from text is like that.
    package init?(_ catalog: Catalog) {
        func numbered(_ keys: [String]) -> [String: Int32] {
            Dictionary(zip(keys, 1...)) { first, _ in first }
        }
        let prices = catalog.pricesInOrder
        let (planIDs, meterIDs) = (numbered(catalog.plans.map(\.key)), numbered(catalog.meters.map(\.key)))
        // A series that several meters read need not be a meter itself.
        var numbers = meterIDs
        for meter in catalog.meters where numbers[meter.series] == nil {
            numbers[meter.series] = Int32(clamping: numbers.count + 1)
        }
        let identifiers = RatingCatalog.Identifiers(
            plans: planIDs, meters: numbers, prices: prices.indices.map { Int32(clamping: $0 + 1) })
        guard let rating = RatingCatalog(id: 0, catalog: catalog, identifiers: identifiers) else { return nil }
        var editions: [String: Quoter] = [:]
        for edition in catalog.editions {
            guard let quoter = Quoter(edition) else { return nil }
            editions[edition.currency.code] = quoter
        }
        self.editions = editions
        self.catalog = catalog
        self.rating = rating
        self.prices = prices
        self.planIDs = planIDs
        self.meterIDs = meterIDs
    }

    /// The decimal places of a meter's quantities.
    package func places(of meter: String) throws(QuoteRefusal) -> Int {
        guard let id = meterIDs[meter] else {
            throw .unknownMeter(meter, known: catalog.meters.map(\.key))
        }
        return catalog.meters[Int(id) - 1].quantityPlaces
    }

    /// What one billing period costs with this use, and where the customer pays for longer, what that period costs with
    /// the same use in each of its billing periods. A meter that is not typed in counts nothing.
    ///
    /// The imagined subscription begins on the first quoted day, so every period and every allowance period does; its use
    /// counts on the first day of each billing period.
    package func quote(_ request: QuoteRequest, use: [MeterUse]) throws(QuoteRefusal) -> Quote {
        if let edition = try edition(for: request) { return try edition.quote(request, use: use) }
        let plan = try plan(request.plan)
        let meters = try meters(use)
        let (subscription, version) = try subscription(request, plan)
        do {
            return try quote(plan, version, subscription, use, meters)
        } catch {
            throw .billing(error)
        }
    }

    private func quote(
        _ plan: Plan, _ version: PlanVersion, _ subscription: Subscription, _ use: [MeterUse], _ meters: [Int32]
    ) throws(BillingError) -> Quote {
        let billing = BillingCalendar(anchor: subscription.anchor, cadence: plan.invoiceEvery)
        let count = subscription.paysEvery.count(of: plan.invoiceEvery)
        var totals: [SliceTotal] = []
        totals.reserveCapacity(count * use.count)
        var first: [InvoiceLine] = []
        var sum = LineSum()
        var later: [(price: Int32, due: CivilDate)] = []
        for number in 0..<count {
            let period = try billing.period(number)
            for (meter, use) in zip(meters, use) {
                totals.append(SliceTotal(meter: meter, start: period.start, quantity: use.quantity))
            }
            var lines: [InvoiceLine] = []
            var rated = try PeriodRating(rating, subscription, totals: totals, since: nil)
            try rated.rate(period, advance: period.start, into: &lines)
            if number == 0 { first = lines }
            guard count > 1 else { continue }
            for line in lines {
                try sum.add(line, key: rating.priceKey)
                if number > 0, line.kind == .flat { later.append((line.price, period.end)) }
            }
        }
        let invoice = try document(first, of: try billing.period(0))
        var paid: Quote.PaidPeriod?
        if count > 1 {
            let whole = try BillingCalendar(anchor: subscription.anchor, cadence: subscription.paysEvery).period(0)
            let lines = sum.lines.sorted { $0.price < $1.price }
            paid = Quote.PaidPeriod(
                billingPeriods: count, sum: try document(lines, of: whole),
                dueLater: later.compactMap { price, due in
                    lines.firstIndex { $0.price == price }.map { Quote.DueLater(line: $0, due: due) }
                })
        }
        return Quote(
            catalog: catalog.name, plan: plan.key, planName: plan.name, versionFrom: version.from,
            contract: subscription.contract, coupon: subscription.coupon?.code, invoiceEvery: plan.invoiceEvery,
            paysEvery: subscription.paysEvery, use: use, invoice: invoice, paid: paid)
    }

    /// The lines with their names.
    private func document(_ lines: [InvoiceLine], of period: DateRange) throws(BillingError) -> InvoiceDocument {
        var total: Int64 = 0
        var named: [InvoiceDocument.Line] = []
        named.reserveCapacity(lines.count)
        for line in lines {
            let (sum, overflow) = total.addingReportingOverflow(line.amount)
            guard !overflow else { throw BillingError.amountOverflow(price: "invoice total") }
            total = sum
            let place = prices[Int(line.price) - 1]
            var meter: Meter?
            if case .usage(let usage) = place.price.model, let id = meterIDs[usage.meter] {
                meter = catalog.meters[Int(id) - 1]
            }
            named.append(
                InvoiceDocument.Line(
                    number: named.count + 1, line: line, plan: place.plan.key, planName: place.plan.name,
                    price: place.price.key, name: place.price.name, meter: meter?.key, unit: meter?.writtenUnit,
                    wording: place.price.wording, hidesZero: place.price.hidesZero))
        }
        return InvoiceDocument(
            customer: "", customerName: "", subscription: "", period: period,
            currency: catalog.currency, total: total, lines: named,
            wording: named.isEmpty ? nil : wording(of: named[0].plan))
    }

    private func wording(of plan: String) -> String? {
        planIDs[plan].flatMap { catalog.plans[Int($0) - 1].wording }
    }
}

// MARK: What was asked for

extension Quoter {
    /// Who answers in the currency of a request; nil when that is this quoter itself.
    func edition(for request: QuoteRequest) throws(QuoteRefusal) -> Quoter? {
        guard let code = request.currency, code != catalog.currency.code else { return nil }
        guard let edition = editions[code] else {
            throw .unknownCurrency(code, known: catalog.currencies.map(\.code))
        }
        return edition
    }

    package func plan(_ key: String) throws(QuoteRefusal) -> Plan {
        guard let id = planIDs[key] else { throw .unknownPlan(key, known: catalog.plans.map(\.key)) }
        return catalog.plans[Int(id) - 1]
    }

    func planID(of plan: Plan) -> Int32? { planIDs[plan.key] }

    private func meters(_ use: [MeterUse]) throws(QuoteRefusal) -> [Int32] {
        var meters: [Int32] = []
        meters.reserveCapacity(use.count)
        for use in use {
            guard let id = meterIDs[use.meter] else {
                throw .unknownMeter(use.meter, known: catalog.meters.map(\.key))
            }
            guard !meters.contains(id) else { throw .repeatedMeter(use.meter) }
            meters.append(id)
        }
        return meters
    }

    /// The subscription that a request imagines, and the version in force on its first day.
    package func subscription(
        _ request: QuoteRequest, _ plan: Plan
    ) throws(QuoteRefusal) -> (Subscription, PlanVersion) {
        try checkNames(request, plan)
        let noVersion = QuoteRefusal.noVersion(
            plan: plan.key, on: request.on, signedUp: request.signedUp,
            earliest: plan.versions.first {
                $0.cohort.contains(request.signedUp ?? $0.from)
                    && ($0.cohort.contract == nil || $0.cohort.contract == request.contract)
            }?.from)
        guard let on = request.on ?? newest(plan, request), let planID = planIDs[plan.key] else { throw noVersion }
        let subscription = Subscription(
            plan: planID, anchor: on, starts: on, signedUp: request.signedUp ?? on,
            paysEvery: request.paysEvery ?? plan.invoiceEvery, ends: nil, contract: request.contract,
            coupon: request.coupon.map { Subscription.Coupon(code: $0, from: on) })
        let version = try version(plan, on: on, for: subscription)
        guard let version else { throw noVersion }
        try checkCadence(subscription.paysEvery, plan, version)
        return (subscription, version)
    }

    /// The version in force for a subscription on a day; nil when there is none.
    package func version(
        _ plan: Plan, on day: CivilDate, for subscription: Subscription
    ) throws(QuoteRefusal) -> PlanVersion? {
        guard let planID = planIDs[plan.key], let rated = rating.plans[planID] else { return nil }
        do throws(BillingError) {
            return plan.versions[try rated.version(on: day, for: subscription)]
        } catch {
            if case .noVersion = error { return nil }
            throw .billing(error)
        }
    }

    /// The first day of the newest version that holds on it for this sign-up date and contract.
    private func newest(_ plan: Plan, _ request: QuoteRequest) -> CivilDate? {
        plan.versions.last { version in
            let held = plan.version(
                on: version.from, signedUp: request.signedUp ?? version.from, contract: request.contract)
            return held?.from == version.from && held?.cohort == version.cohort
        }?.from
    }

    /// A contract or a coupon that the plan has never heard of is a slip of the pen, and no reason to quote full prices.
    private func checkNames(_ request: QuoteRequest, _ plan: Plan) throws(QuoteRefusal) {
        if let contract = request.contract {
            let known = Set(plan.versions.compactMap(\.cohort.contract))
            guard known.contains(contract) else { throw .unknownContract(contract, known: known.sorted()) }
        }
        if let coupon = request.coupon {
            var known: Set<String> = []
            for price in plan.versions.flatMap(\.prices) {
                if case .discount(let discount) = price.model, let code = discount.coupon { known.insert(code) }
            }
            guard known.contains(coupon) else { throw .unknownCoupon(coupon, known: known.sorted()) }
        }
    }

    /// Whether a version can be paid for this often.
    package func checkCadence(
        _ cadence: Cadence, _ plan: Plan, _ version: PlanVersion
    ) throws(QuoteRefusal) {
        let flats = version.prices.compactMap { if case .flat(let flat) = $0.model { flat } else { nil } }
        guard cadence.isMultiple(of: plan.invoiceEvery), flats.allSatisfy({ $0.amount(every: cadence) != nil }) else {
            let known = flats.first?.amounts.map(\.cadence) ?? []
            throw .noCadence(
                cadence, invoiceEvery: plan.invoiceEvery,
                known: known.filter { each in flats.allSatisfy { $0.amount(every: each) != nil } })
        }
        let count = cadence.count(of: plan.invoiceEvery)
        guard count <= Self.mostPeriods else { throw .tooManyPeriods(count, limit: Self.mostPeriods) }
    }
}

extension Cadence {
    /// How often another cadence goes into this multiple of it.
    fileprivate func count(of other: Cadence) -> Int {
        switch (self, other) {
        case (.days(let long), .days(let short)), (.months(let long), .months(let short)): long / max(1, short)
        default: 1
        }
    }
}

/// The lines of several invoices, a line a price.
private struct LineSum {
    private(set) var lines: [InvoiceLine] = []

    mutating func add(_ line: InvoiceLine, key: (Int32) -> String) throws(BillingError) {
        guard let index = lines.firstIndex(where: { $0.price == line.price }) else {
            var first = line
            if line.kind == .usage { (first.before, first.threshold) = (0, 0) }
            lines.append(first)
            return
        }
        var sum = lines[index]
        var overflows = false
        func add(_ value: Int64, to total: inout Int64) {
            let (next, overflow) = total.addingReportingOverflow(value)
            total = next
            overflows = overflows || overflow
        }
        add(line.amount, to: &sum.amount)
        add(line.quantity, to: &sum.quantity)
        add(line.billable, to: &sum.billable)
        if line.kind != .usage {
            add(line.before, to: &sum.before)
            add(line.threshold, to: &sum.threshold)
        }
        guard !overflows else { throw BillingError.amountOverflow(price: key(line.price)) }
        sum.service = DateRange(
            ordered: min(sum.service.start, line.service.start), max(sum.service.end, line.service.end))
        lines[index] = sum
    }
}
