import Oracle

/// Makes up a catalog: plans that are invoiced alike, each with versions that follow each other or stand side by side for
/// cohorts and contracts.
struct VendorInvention {
    private var chance: Chance
    private var currencies: [Vendor.Currency]
    private let meters: [Vendor.Meter]
    let invoice: Invoice
    /// What all limits and counts of the world are multiples of: sums meet limits exactly where it is large.
    let grain: Int
    private let start: Day
    private let end: Day

    /// How often plans are invoiced, and in what multiples of it subscriptions pay and allowances count.
    struct Invoice {
        var word: String
        var multiples: [String]
        /// The periods that a world of it may have, so that none takes for ever.
        var days: Int
    }

    private static let rhythms = [
        Invoice(word: "month", multiples: ["month", "quarter", "year"], days: 30),
        Invoice(word: "month", multiples: ["month", "2 months", "3 months"], days: 30),
        Invoice(word: "quarter", multiples: ["quarter", "half_year", "year"], days: 91),
        Invoice(word: "2 months", multiples: ["2 months", "4 months", "half_year"], days: 61),
        Invoice(word: "4 weeks", multiples: ["4 weeks", "8 weeks", "12 weeks"], days: 28),
        Invoice(word: "10 days", multiples: ["10 days", "20 days", "30 days"], days: 10),
    ]

    private static let known = [("USD", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3)].map {
        Vendor.Currency(code: $0.0, places: $0.1)
    }

    init(_ seed: UInt64, start: Day, end: Day) {
        chance = World.chance(seed, 1)
        (self.start, self.end) = (start, end)
        currencies = chance.shuffled(Self.known)
        currencies = Array(currencies.prefix(chance.percent(70) ? 1 : chance.number(2...3)))
        invoice = chance.percent(65) ? Self.rhythms[0] : chance.one(of: Self.rhythms)
        grain = chance.one(of: [1, 1, 1, 5, 10])
        var meters = [
            Vendor.Meter(key: "orders", terms: "aggregate: sum", series: "orders", places: 0, isPlainSum: true)
        ]
        if chance.percent(50) {
            let places = chance.number(1...3)
            meters.append(
                Vendor.Meter(
                    key: "weight", terms: "aggregate: sum, places: \(places)", series: "weight", places: places,
                    isPlainSum: true))
        }
        self.meters = meters + Self.windowMeters(&chance)
    }

    /// Meters of which no pull can keep a sum: each has one quantity for each billing period.
    private static func windowMeters(_ chance: inout Chance) -> [Vendor.Meter] {
        let listings = chance.number(0...2)
        let meters: [(key: String, terms: String, series: String, places: Int)] = [
            ("best", "aggregate: max, of: orders", "orders", 0),
            ("stores", "aggregate: unique, of: orders", "orders", 0),
            ("lately", "aggregate: sum, of: orders", "orders", 0),
            ("listed", "aggregate: latest, of: listings, places: \(listings)", "listings", listings),
            ("held", "aggregate: mean, of: listings, places: \(listings)", "listings", listings),
            ("carts", "aggregate: peak", "carts", 0),
            ("edi", "aggregate: peak, of: carts, categories: [edi]", "carts", 0),
            ("clicks", "aggregate: sum", "clicks", 0), ("rush", "aggregate: max, of: clicks", "clicks", 0),
        ]
        return chance.some(of: meters, percent: 20).map { meter in
            var terms = meter.terms
            let isSum = meter.key == "clicks"
            if !isSum {
                if meter.key == "lately" || chance.percent(20) {
                    terms += ", window: " + chance.one(of: ["previous_month", "7 days", "30 days", "45 days"])
                }
                if chance.percent(30) { terms += ", pool: per_account" }
                if meter.series == "orders", chance.percent(25) { terms += ", channels: [shop]" }
                if meter.series != "clicks", !terms.contains("categories"), chance.percent(15) {
                    terms += ", categories: [edi]"
                }
            }
            return Vendor.Meter(
                key: meter.key, terms: terms, series: meter.series, places: meter.places, isPlainSum: isSum)
        }
    }

    mutating func vendor() -> Vendor {
        let rounding = chance.one(of: ["half_away_from_zero", "half_away_from_zero", "half_to_even", "down"])
        var plans: [Vendor.Plan] = []
        for key in ["basic", "plus", "top"].prefix(chance.number(1...3)) { plans.append(plan(key)) }
        var vendor = Vendor(currencies: currencies, rounding: rounding, meters: meters, plans: plans)
        vendor.tellsOnceADay = chance.percent(30)
        if plans.count > 1, chance.percent(65) { vendor.rules.append(decisions(plans.map(\.key))) }
        if plans.count > 1, chance.percent(50) {
            let order = chance.shuffled(plans.map(\.key)).joined(separator: ", ")
            let (up, down) = (chance.one(of: ["now", "renewal"]), chance.one(of: ["now", "renewal"]))
            vendor.rules.append("changes: {order: [\(order)], up: \(up), down: \(down)}\n")
        }
        return vendor
    }

    /// A rule that moves subscriptions between the plans.
    private mutating func decisions(_ plans: [String]) -> String {
        var steps: [String] = []
        var threshold = 0
        for (index, plan) in plans.enumerated() {
            threshold += limit(1...60)
            let isOpen = index == plans.count - 1 && chance.percent(60)
            steps.append("\(plan): \(isOpen ? "unlimited" : "\(threshold)")")
        }
        let isOfPeriods = ["month", "4 weeks", "10 days"].contains(invoice.word) && chance.percent(35)
        let unit = isOfPeriods ? "period" : "month"
        func length(_ count: Int) -> String { "\(count) \(unit)\(count == 1 ? "" : "s")" }
        let sums = meters.filter { $0.terms.hasPrefix("aggregate: sum") && $0.places == 0 }.map(\.key)
        var terms =
            "    name: Use\n    meters: [\(Set([sums[0]] + chance.some(of: sums, percent: 30)).sorted().joined(separator: ", "))]\n"
        terms += "    window: \(length(chance.number(1...3)))\n"
        terms += "    aggregate: \(chance.one(of: ["mean", "mean", "max", "each_month"]))\n"
        terms += "    ladder: {\(steps.joined(separator: ", "))}\n"
        if chance.percent(30) { terms += "    equal: moves\n" }
        if chance.percent(10) { terms += "    up: no\n" }
        if chance.percent(10) { terms += "    down: no\n" }
        if chance.percent(30) { terms += "    levels: one\n" }
        if chance.percent(25) { terms += "    history: \(length(chance.number(1...4)))\n" }
        if chance.percent(25) { terms += "    cool_down: \(chance.number(2...4)) months\n" }
        if chance.percent(50) { terms += "    day: \(chance.number(1...27))\n" }
        if chance.percent(60) { terms += "    reminders: [\(chance.number(8...25)), \(chance.number(1...7))]\n" }
        return "decisions:\n  ladder:\n" + terms
    }

    /// Another catalog later on: other amounts, and perhaps other terms from a day that is still to come.
    mutating func edited(_ vendor: Vendor, after day: Day) -> Vendor {
        var vendor = vendor
        for index in vendor.plans.indices {
            if chance.percent(50) {
                let place = chance.number(0...(vendor.plans[index].versions.count - 1))
                let keys = vendor.plans[index].versions[place].prices.map(\.key)
                vendor.plans[index].versions[place].prices = prices(keeping: keys)
            }
            if chance.percent(60) {
                let from = day + chance.number(1...80)
                let isTaken = vendor.plans[index].versions.contains { $0.from == from }
                if !isTaken { vendor.plans[index].versions.append(version(from: from)) }
            }
        }
        return vendor
    }

    // MARK: Plans

    private mutating func plan(_ key: String) -> Vendor.Plan {
        let forever = start.later(months: -72)
        var options: [String] = []
        if chance.percent(15) { options.append("align: calendar") }
        if chance.percent(15) { options.append("trial: " + chance.one(of: ["14 days", "1 month", "3 days"])) }
        var versions: [Vendor.Version] = []
        let change = start + chance.number(1...max(2, end - start))
        switch chance.number(0...5) {
        case 0: versions.append(version(from: forever))
        case 1, 2:
            versions.append(version(from: forever))
            versions.append(version(from: change))
        case 3:
            // Two cohorts, brought together by the change.
            let day = start + -chance.number(-60...200)
            versions.append(version(from: forever, ["signed_up: {before: \(day)}"]))
            versions.append(version(from: forever, ["signed_up: {from: \(day)}"]))
            if chance.percent(60) { versions.append(version(from: change)) }
        case 4:
            // The new terms are for new customers, or for everybody at the renewal.
            let day = start + -chance.number(-60...200)
            versions.append(version(from: forever))
            versions.append(version(from: change, ["signed_up: {from: \(day)}"]))
        default:
            versions.append(version(from: forever))
            versions.append(version(from: change, ["takes_effect: at_renewal"]))
        }
        if chance.percent(15) {
            // An offer for some time, and then what was there before.
            let from = start + chance.number(0...max(1, end - start))
            if !versions.contains(where: { $0.from == from }) {
                versions.append(version(from: from, ["until: \(from + chance.number(1...70))"]))
            }
        }
        if chance.percent(20) {
            versions.append(version(from: chance.percent(50) ? forever : change, ["contract: acme"]))
        }
        return Vendor.Plan(key: key, invoice: invoice.word, options: options, versions: versions)
    }

    private mutating func version(from: Day, _ options: [String] = []) -> Vendor.Version {
        Vendor.Version(from: from, options: options, prices: prices(keeping: nil))
    }

    // MARK: Prices

    /// - Parameter keys: the prices that there have to be; nil for any.
    private mutating func prices(keeping keys: [String]?) -> [Vendor.Price] {
        var prices: [Vendor.Price] = []
        func wanted(_ key: String, _ chance: inout Chance, _ percent: Int) -> Bool {
            keys.map { $0.contains(key) } ?? chance.percent(percent)
        }
        if wanted("base", &chance, 70) { prices.append(flat("base")) }
        if wanted("seat", &chance, 25) { prices.append(flat("seat")) }
        var withAllowance: Set<String> = []
        for (key, percent) in [("use", 85), ("more", 40), ("third", 15)] where wanted(key, &chance, percent) {
            let ofWindows = meters.filter { !$0.isPlainSum }
            let meter =
                key == "use"
                ? meters[0] : chance.one(of: ofWindows.isEmpty || chance.percent(40) ? meters : ofWindows)
            let price = use(key, meter, mayInclude: !withAllowance.contains(meter.key))
            if price.terms.contains("allowance:") { withAllowance.insert(meter.key) }
            prices.append(price)
        }
        let usages = prices.filter(\.isUsage)
        if let per = usages.first?.per, wanted("least", &chance, 25) {
            let on = usages.filter { $0.per == per }.map(\.key)
            prices.append(
                Vendor.Price(
                    key: "least",
                    terms: "minimum: \(money(0...4_000)), name: At least, on: [\(on.joined(separator: ", "))]"
                        + (chance.percent(40) ? ", prorated: yes" : ""), isUsage: false))
        }
        for key in ["rebate", "coupon", "season"] where !prices.isEmpty && wanted(key, &chance, 22) {
            prices.append(discount(key, on: prices.filter { !["rebate", "coupon", "season"].contains($0.key) }))
        }
        return prices
    }

    private mutating func flat(_ key: String) -> Vendor.Price {
        let amounts = invoice.multiples.map { "\($0): \(money(0...9_000))" }
        var terms = "flat: {\(amounts.joined(separator: ", "))}, name: Flat \(key)"
        if chance.percent(45) { terms += ", charged: in_advance" }
        if chance.percent(45) { terms += ", prorated: yes" }
        if chance.percent(5) { terms += ", hide_zero: yes" }
        return Vendor.Price(key: key, terms: terms, isUsage: false)
    }

    private mutating func use(_ key: String, _ meter: Vendor.Meter, mayInclude: Bool) -> Vendor.Price {
        var terms = "usage: \(meter.key), name: Use \(key)"
        let per = chance.one(of: meter.isPlainSum ? invoice.multiples : [invoice.word])
        var allowance = 0
        if mayInclude, chance.percent(75) {
            allowance = chance.one(of: [0, limit(1...20), limit(20...150)])
            terms += ", allowance: \(allowance)"
        }
        if allowance > 0, chance.percent(50) {
            terms += ", alerts: [" + chance.one(of: ["80, 100", "50", "100", "10, 50, 90, 100, 150"]) + "]"
        }
        if per != invoice.word || chance.percent(50) { terms += ", per: \(per)" }
        var isPriced = true
        switch chance.number(0...9) {
        case 0: isPriced = false
        case 1, 2, 3: terms += ", unit_price: \(price())"
        case 4, 5: terms += ", tiers: [\(tiers())]"
        case 6: terms += ", volume: [\(tiers())]"
        case 7: terms += ", stair_step: [\(steps())]"
        case 8: terms += ", package: {size: \(chance.number(1...30)), price: \(price())}"
        default:
            terms += ", percentage: {percent: \(chance.number(0...99)).\(chance.number(0...9_999))"
            terms += (chance.percent(50) ? ", fixed: \(fee())" : "") + "}"
        }
        let hasFee = terms.contains("stair_step") || terms.contains("fixed") || terms.contains("tiers: [{flat")
        if hasFee, chance.percent(50) { terms += ", charge_zero: yes" }
        if isPriced, chance.percent(20) { terms += ", maximum: \(money(0...6_000))" }
        if chance.percent(30) { terms += ", prorated: yes" }
        if isPriced, meter.isPlainSum, chance.percent(30) { terms += ", already_paid: yes" }
        return Vendor.Price(key: key, terms: terms, isUsage: true, per: per)
    }

    private mutating func discount(_ key: String, on prices: [Vendor.Price]) -> Vendor.Price {
        let isPercent = chance.percent(70)
        var terms =
            isPercent
            ? "discount: {percent: \(chance.one(of: ["10", "33.3", "50", "100", "12.5"]))}"
            : "discount: {amount: \(money(1...3_000))}"
        terms += ", name: Off by \(key)"
        let on = chance.some(of: prices).map(\.key)
        if !on.isEmpty, chance.percent(60) { terms += ", on: [\(on.joined(separator: ", "))]" }
        if chance.percent(20) { terms += ", pays: \(chance.one(of: invoice.multiples))" }
        if key == "coupon" || chance.percent(15) { terms += ", coupon: SPRING" }
        if chance.percent(30) { terms += ", periods: \(chance.number(1...6))" }
        if key == "season" || chance.percent(15) {
            terms += ", until: \(start + chance.number(0...max(1, end - start)))"
        }
        if isPercent, chance.percent(35) { terms += ", order: before_maximum" }
        return Vendor.Price(key: key, terms: terms, isUsage: false)
    }

    // MARK: Numbers

    /// A limit that sums of counts may meet.
    private mutating func limit(_ range: ClosedRange<Int>) -> Int {
        let limit = chance.number(range)
        return max(1, limit / grain) * grain
    }

    /// An amount of minor units for each currency.
    private mutating func money(_ range: ClosedRange<Int>) -> String {
        amounts { chance, places in Self.decimal(chance.number(range), places: places) }
    }

    /// A price with more places than its currency has.
    private mutating func price() -> String {
        amounts { chance, _ in Self.decimal(chance.number(0...30_000), places: 4) }
    }

    private mutating func fee() -> String {
        amounts { chance, _ in Self.decimal(chance.number(1...50_000), places: 3) }
    }

    private mutating func amounts(_ draw: (inout Chance, Int) -> String) -> String {
        if currencies.count == 1 { return draw(&chance, currencies[0].places) }
        var parts: [String] = []
        for currency in currencies { parts.append("\(currency.code): \(draw(&chance, currency.places))") }
        return "{\(parts.joined(separator: ", "))}"
    }

    static func decimal(_ number: Int, places: Int) -> String {
        guard places > 0 else { return "\(number)" }
        let digits = String(repeating: "0", count: max(0, places + 1 - "\(number)".count)) + "\(number)"
        return "\(digits.dropLast(places)).\(digits.suffix(places))"
    }

    private mutating func bounds() -> [String] {
        var bounds: [String] = []
        var last = 0
        for _ in 0..<chance.number(0...2) {
            last += limit(1...40)
            bounds.append("up_to: \(last), ")
        }
        return bounds + [""]
    }

    private mutating func tiers() -> String {
        let hasFees = chance.percent(35)
        var parts: [String] = []
        for bound in bounds() {
            parts.append("{" + (hasFees ? "flat: \(fee()), " : "") + "\(bound)unit_price: \(price())}")
        }
        return parts.joined(separator: ", ")
    }

    private mutating func steps() -> String {
        var parts: [String] = []
        for bound in bounds() { parts.append("{\(bound)amount: \(fee())}") }
        return parts.joined(separator: ", ")
    }
}
