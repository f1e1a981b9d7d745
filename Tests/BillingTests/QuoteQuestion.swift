import Billing
import Testing

/// A random catalog of one plan, and quantities to be quoted with it; what the close makes of the same.
struct QuoteQuestion {
    var catalog: Catalog
    var request: QuoteRequest
    var use: [MeterUse]
    var hasAdvance: Bool
    private var periods: Int

    static func random(using random: inout some RandomNumberGenerator) throws -> QuoteQuestion {
        let every: Cadence = [.month, .month, .week, .quarter].randomElement(using: &random) ?? .month
        let periods = [1, 1, 2, 4].randomElement(using: &random) ?? 1
        let pays: Cadence =
            switch every {
            case .days(let days): .days(days * periods)
            case .months(let months): .months(months * periods)
            }
        // With a later version in the period, or a longer paid period, a price in advance is charged on other terms or
        // another invoice by the close, which charges the next period.
        let hasAdvance = periods == 1 && Bool.random(using: &random)
        let start = try #require(day("2022-01-01").adding(days: .random(in: 0...1_000, using: &random)))
        var versions = [
            try version(from: day("2020-01-01"), every, pays, hasAdvance, using: &random)
        ]
        if !hasAdvance, Bool.random(using: &random) {
            let later = try #require(start.adding(days: .random(in: 1...200, using: &random)))
            versions.append(try version(from: later, every, pays, false, using: &random))
        }
        let unit = UnitName(one: "one", other: "many")
        let catalog = Catalog(
            name: "test", currency: try currency(["USD", "JPY", "KWD"].randomElement(using: &random) ?? "USD"),
            rounding: Rounding.allCases.randomElement(using: &random) ?? .down,
            meters: ["orders", "labels"].map { Meter(key: $0, name: $0, aggregate: .sum, unit: unit) },
            plans: [Plan(key: "silver", name: "Silver", invoiceEvery: every, versions: versions)])
        let hasCoupon = versions.flatMap(\.prices).contains {
            if case .discount(let discount) = $0.model { discount.coupon != nil } else { false }
        }
        var use: [MeterUse] = []
        for meter in ["orders", "labels"] where Int.random(in: 0..<5, using: &random) > 0 {
            use.append(MeterUse(meter: meter, quantity: .random(in: 0...500, using: &random)))
        }
        return QuoteQuestion(
            catalog: catalog,
            request: QuoteRequest(
                plan: "silver", on: start, signedUp: start, paysEvery: pays,
                coupon: hasCoupon && Bool.random(using: &random) ? "NEW" : nil),
            use: use, hasAdvance: hasAdvance, periods: periods)
    }

    private static func version(
        from: CivilDate, _ every: Cadence, _ pays: Cadence, _ hasAdvance: Bool,
        using random: inout some RandomNumberGenerator
    ) throws -> PlanVersion {
        var prices: [Price] = []
        func add(_ key: String, _ model: PriceModel) { prices.append(Price(key: key, name: key, model: model)) }
        func flat(_ key: String, _ charged: FlatPrice.Charged, _ isProrated: Bool) {
            let amount = FlatPrice.Amount(cadence: pays, minor: .random(in: 0...10_000, using: &random))
            add(key, .flat(FlatPrice(amounts: [amount], charged: charged, isProrated: isProrated)))
        }
        if Bool.random(using: &random) { flat("base", .inArrears, Bool.random(using: &random)) }
        if hasAdvance { flat("advance", .inAdvance, Bool.random(using: &random)) }
        var metered: [String] = []
        for meter in ["orders", "labels"] where Int.random(in: 0..<4, using: &random) > 0 {
            metered.append(meter)
            add(
                meter,
                .usage(
                    UsagePrice(
                        meter: meter, allowance: .random(in: 0...200, using: &random), per: every,
                        rate: try rate(using: &random), alreadyPaid: Bool.random(using: &random),
                        maximum: Bool.random(using: &random) ? .random(in: 0...50_000, using: &random) : nil)))
        }
        if !metered.isEmpty, Bool.random(using: &random) {
            add(
                "least",
                .minimum(MinimumPrice(amount: .random(in: 0...20_000, using: &random), on: metered, per: every)))
        }
        for number in 0..<Int.random(in: 0...2, using: &random) {
            let percent = try ExactDecimal(parsing: "\(Int.random(in: 0...99, using: &random)).5")
            let isPercent = Bool.random(using: &random)
            add(
                "off_\(number)",
                .discount(
                    Discount(
                        effect: isPercent ? .percent(percent) : .amount(.random(in: 0...5_000, using: &random)),
                        on: Bool.random(using: &random) ? metered : nil,
                        coupon: Bool.random(using: &random) ? "NEW" : nil,
                        // What the close charges in advance is the next period's, which a discount may no longer be for.
                        periods: Bool.random(using: &random) && !hasAdvance ? .random(in: 1...3, using: &random) : nil,
                        order: isPercent && Bool.random(using: &random) ? .beforeMaximum : .afterMaximum)))
        }
        return PlanVersion(from: from, cohort: .everyone, prices: prices, entitlements: [])
    }

    private static func rate(using random: inout some RandomNumberGenerator) throws -> Rate? {
        func price() throws -> ExactDecimal {
            try ExactDecimal(
                parsing: "\(Int.random(in: 0...3, using: &random)).\(Int.random(in: 0...999, using: &random))")
        }
        let bound = Int64.random(in: 1...200, using: &random)
        let tiers = [
            Rate.Tier(upTo: bound, unitPrice: try price(), flat: try price()),
            Rate.Tier(upTo: nil, unitPrice: try price()),
        ]
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return nil
        case 1: return .unit(try price())
        case 2: return Rate(.graduated(tiers), chargesZero: Bool.random(using: &random))
        case 3: return Rate(.volume(tiers))
        case 4:
            return Rate(
                .stairStep([Rate.Step(upTo: bound, amount: try price()), Rate.Step(upTo: nil, amount: try price())]))
        case 5: return Rate(.package(size: .random(in: 1...50, using: &random), price: try price()))
        default: return Rate(.percentage(Rate.Percentage(percent: try price(), fixed: try price())))
        }
    }

    /// The lines of each invoice of the paid period, by the close.
    func close() throws -> [[InvoiceLine]] {
        let on = try #require(request.on)
        let rating = try #require(
            RatingCatalog(
                id: 1, catalog: catalog,
                identifiers: RatingCatalog.Identifiers(
                    plans: ["silver": 1], meters: ["orders": 1, "labels": 2],
                    prices: catalog.pricesInOrder.indices.map { Int32($0) + 1 })))
        let subscription = Subscription(
            plan: 1, anchor: on, starts: on, signedUp: on, paysEvery: try #require(request.paysEvery), ends: nil,
            coupon: request.coupon.map { Subscription.Coupon(code: $0, from: on) })
        let calendar = BillingCalendar(anchor: on, cadence: catalog.plans[0].invoiceEvery)
        let totals = try (0..<periods).flatMap { number in
            try use.map { use in
                SliceTotal(
                    meter: use.meter == "orders" ? 1 : 2, start: try calendar.boundary(number), quantity: use.quantity)
            }
        }
        var outcome = CloseOutcome()
        let open = try #require(try rating.openPeriod(of: subscription, containing: on))
        try Closer(catalog: rating).close(
            subscription, open: open, asOf: calendar.boundary(periods), totals: totals, into: &outcome)
        #expect(outcome.checkInvariants())
        return outcome.periods.map { Array(outcome.lines[$0.lines]) }
    }

    /// A line without what a quote says otherwise: a price in advance is for the period itself, and not for the next.
    func comparable(_ line: InvoiceLine) -> InvoiceLine {
        var line = line
        if case .flat(let flat) = catalog.pricesInOrder[Int(line.price) - 1].price.model, flat.charged == .inAdvance,
            let whole = DateRange(start: .earliest, end: .latest)
        {
            line.service = whole
        }
        return line
    }
}
