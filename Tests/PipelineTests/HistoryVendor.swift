import TestSupport

/// A small vendor made up from a seed: meters, plans, prices and a change of them in the middle of some month.
struct Vendor {
    /// A price of an metered; amounts in ten-thousandths of the currency's major unit.
    struct Metered {
        var key: String
        var meter: String
        var allowance: Int
        /// Length of the allowance period.
        var months: Int
        /// `(last unit of the tier, price of a unit)`, the last one open; empty where nothing is sold beyond.
        var tiers: [(upTo: Int?, price: Int)]
        var alreadyPaid: Bool
    }

    struct Version {
        var from: Day
        /// Who signed up before this day; or who signed up from this day on.
        var before: Day?
        var since: Day?
        /// What a month, a quarter and a year cost, in minor units.
        var flat: [Int: Int]
        var meteredPrices: [Metered]
        /// Whether it stands in the catalog from the start, or only in the second one.
        var isAnnounced: Bool

        func isFor(_ signedUp: Day) -> Bool {
            before.map { signedUp < $0 } ?? true && since.map { $0 <= signedUp } ?? true
        }
    }

    struct Plan {
        var key: String
        var versions: [Version]
    }

    enum Rounding: String, CaseIterable { case half_away_from_zero, half_to_even, down }

    var currency: String
    /// Minor units in a major one.
    var minorUnits: Int
    var rounding: Rounding
    var meters: [String]
    var plans: [Plan]
    /// When the prices change for the first time, and until when that has to be announced.
    var change: Day

    static let words = [1: "month", 3: "quarter", 12: "year"]

    init(_ random: inout SeededGenerator, start: Day, length: Int) {
        (currency, minorUnits) =
            [("USD", 100), ("USD", 100), ("JPY", 1), ("KWD", 1_000)].randomElement(using: &random)
            ?? ("USD", 100)
        rounding = Rounding.allCases.randomElement(using: &random) ?? .down
        meters = Bool.random(using: &random) ? ["orders"] : ["orders", "labels"]
        // Not before the second run, which may be one that announces it, and not on a first of the month alone.
        change =
            start.later(months: Int.random(in: 1..<length, using: &random)) + Int.random(in: 1...27, using: &random)
        plans = []
        for key in Bool.random(using: &random) ? ["basic"] : ["basic", "pro"] {
            plans.append(plan(key, &random, start: start))
        }
    }

    private func plan(_ key: String, _ random: inout SeededGenerator, start: Day) -> Plan {
        let forever = start.later(months: -60)
        let cohort = start.later(months: -3) + Int.random(in: 0...20, using: &random)
        let isAnnounced = Bool.random(using: &random)
        var versions: [Version] = []
        func add(from: Day, before: Day? = nil, since: Day? = nil, isAnnounced: Bool = true) {
            versions.append(
                version(&random, from: from, before: before, since: since, isAnnounced: isAnnounced))
        }
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            add(from: forever)
            add(from: change, isAnnounced: isAnnounced)
        case 1:
            // Two cohorts, brought together by the change.
            add(from: forever, before: cohort)
            add(from: forever, since: cohort)
            add(from: change, isAnnounced: isAnnounced)
        default:
            // The legacy cohort keeps its terms.
            add(from: forever)
            add(from: change, since: cohort, isAnnounced: isAnnounced)
        }
        if Bool.random(using: &random) {
            add(from: change.later(months: 1) + Int.random(in: 0...20, using: &random), isAnnounced: false)
        }
        return Plan(key: key, versions: versions)
    }

    private func version(
        _ random: inout SeededGenerator, from: Day, before: Day?, since: Day?, isAnnounced: Bool
    ) -> Version {
        let month = Int.random(in: 0...5_000, using: &random)
        var meteredPrices: [Metered] = []
        for meter in meters where meteredPrices.isEmpty || Int.random(in: 0..<4, using: &random) > 0 {
            var tiers: [(upTo: Int?, price: Int)] = []
            var last = 0
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                last += Int.random(in: 1...60, using: &random)
                tiers.append((last, Int.random(in: 0...9_999, using: &random)))
            }
            if !tiers.isEmpty { tiers[tiers.count - 1].upTo = nil }
            meteredPrices.append(
                Metered(
                    key: "over-\(meter)", meter: meter, allowance: Int.random(in: 0...120, using: &random),
                    months: [1, 3, 12].randomElement(using: &random) ?? 1, tiers: tiers,
                    alreadyPaid: !tiers.isEmpty && Bool.random(using: &random)))
        }
        return Version(
            from: from, before: before, since: since, flat: [1: month, 3: month * 3 - month / 4, 12: month * 10],
            meteredPrices: meteredPrices, isAnnounced: isAnnounced)
    }

    /// The catalog, as it is before the change is announced or after.
    func catalog(announced: Bool) -> String {
        var text = "catalog: history\ncurrency: \(currency)\nrounding: \(rounding.rawValue)\nmeters:\n"
        for meter in meters {
            text += "  \(meter): {name: \(meter), aggregate: sum, unit: {one: one, other: many}}\n"
        }
        text += "plans:\n"
        for plan in plans {
            text += "  \(plan.key):\n    name: \(plan.key)\n    invoice: month\n    versions:\n"
            for version in plan.versions where announced || version.isAnnounced {
                text += "      - from: \(version.from)\n"
                if let before = version.before { text += "        signed_up: {before: \(before)}\n" }
                if let since = version.since { text += "        signed_up: {from: \(since)}\n" }
                let flat = version.flat.sorted { $0.key < $1.key }
                    .map { "\(Self.words[$0.key] ?? ""): \(decimal($0.value, minorUnits))" }
                text += "        prices:\n          base: {flat: {\(flat.joined(separator: ", "))}, name: Base}\n"
                for metered in version.meteredPrices { text += line(metered) }
            }
        }
        return text
    }

    private func line(_ metered: Metered) -> String {
        var fields = [
            "usage: \(metered.meter)", "name: Beyond", "allowance: \(metered.allowance)",
            "per: \(Self.words[metered.months] ?? "")",
        ]
        if metered.tiers.count == 1 {
            fields.append("unit_price: \(decimal(metered.tiers[0].price, 10_000))")
        } else if metered.tiers.count > 1 {
            let tiers = metered.tiers.map { tier in
                "{" + (tier.upTo.map { "up_to: \($0), " } ?? "") + "unit_price: \(decimal(tier.price, 10_000))}"
            }
            fields.append("tiers: [\(tiers.joined(separator: ", "))]")
        }
        if metered.alreadyPaid { fields.append("already_paid: yes") }
        return "          \(metered.key): {\(fields.joined(separator: ", "))}\n"
    }

    private func decimal(_ amount: Int, _ units: Int) -> String {
        guard units > 1 else { return "\(amount)" }
        let digits = "\(units)".count - 1
        let rest = "\(amount % units)"
        return "\(amount / units).\(String(repeating: "0", count: digits - rest.count))\(rest)"
    }
}
