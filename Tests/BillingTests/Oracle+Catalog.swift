import Billing
import Testing

extension Oracle {
    /// Random terms: one to four versions, cohorts, two meters, allowances by month, quarter and year, tiers.
    static func random(_ calendar: OracleCalendar, using random: inout some RandomNumberGenerator) -> Oracle {
        var oracle = Oracle(days: calendar)
        oracle.anchor = 365 + Int.random(in: 0..<500, using: &random)
        oracle.signedUp = oracle.anchor - Int.random(in: 0...60, using: &random)
        oracle.invoiceEvery = [1, 1, 1, 3].randomElement(using: &random) ?? 1
        oracle.paysEvery = oracle.invoiceEvery * ([1, 1, 2, 4].randomElement(using: &random) ?? 1)
        oracle.minorUnits = [1, 100, 100, 1_000].randomElement(using: &random) ?? 100
        oracle.rounding = Rounding.allCases.randomElement(using: &random)?.rawValue ?? ""
        let skipped = Int.random(in: 0...3, using: &random)
        oracle.start = calendar.after(oracle.anchor, months: oracle.invoiceEvery * skipped)
        // Everybody has terms from the beginning; later versions are for all, for one cohort, or one for each of two.
        oracle.versions = [oracle.version(from: 0, using: &random)]
        var from = oracle.anchor
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            from += Int.random(in: 0...300, using: &random)
            let border = oracle.anchor - Int.random(in: 0...60, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                var (old, new) = (
                    oracle.version(from: from, using: &random), oracle.version(from: from, using: &random)
                )
                (old.signedUpBefore, new.signedUpFrom) = (border, border)
                oracle.versions += [old, new]
            case 1:
                var old = oracle.version(from: from, using: &random)
                old.signedUpBefore = border
                oracle.versions.append(old)
            default: oracle.versions.append(oracle.version(from: from, using: &random))
            }
            from += 1
        }
        var id: Int32 = 1
        for version in oracle.versions.indices {
            for flat in oracle.versions[version].flats.indices {
                oracle.versions[version].flats[flat].id = id
                id += 1
            }
            for price in oracle.versions[version].prices.indices {
                oracle.versions[version].prices[price].id = id
                id += 1
            }
        }
        return oracle
    }

    private func version(from: Int, using random: inout some RandomNumberGenerator) -> Version {
        var version = Version(from: from, flats: [], prices: [])
        if Bool.random(using: &random) {
            version.flats = [Flat(id: 0, amounts: [paysEvery: .random(in: 0...5_000, using: &random)])]
        }
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            // Four months and a half-year do not nest.
            let pers = invoiceEvery == 3 ? [3, 6, 12] : [1, 3, 12, 12, 4, 6]
            let per = pers.randomElement(using: &random) ?? 12
            version.prices.append(
                Price(
                    id: 0, meter: .random(in: 1...2, using: &random),
                    allowance: .random(in: 0...(40 * per), using: &random),
                    per: per, tiers: tiers(using: &random), alreadyPaid: .random(using: &random)))
        }
        return version
    }

    private func tiers(using random: inout some RandomNumberGenerator) -> [(upTo: Int?, price: Int)]? {
        guard Int.random(in: 0..<6, using: &random) > 0 else { return nil }
        var tiers: [(upTo: Int?, price: Int)] = []
        var upTo = 0
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            upTo += .random(in: 1...60, using: &random)
            tiers.append((upTo, .random(in: 0...20_000, using: &random)))
        }
        return tiers + [(nil, .random(in: 1...3_000, using: &random))]
    }

    /// The same terms as Billing's values.
    func ratingCatalog() throws -> RatingCatalog {
        try catalog(
            every: .months(invoiceEvery), in: [1: "JPY", 100: "USD", 1_000: "KWD"][minorUnits] ?? "",
            rounding: try #require(Rounding(rawValue: rounding)),
            try versions.map { version in
                PlanVersion(
                    from: day(days.texts[version.from]),
                    cohort: Cohort(
                        from: version.signedUpFrom.map { day(days.texts[$0]) },
                        before: version.signedUpBefore.map { day(days.texts[$0]) }),
                    prices: version.flats.map { price in
                        flat(price.amounts.map { (Cadence.months($0.key), Int64($0.value)) })
                    }
                        + (try version.prices.map { price in
                            try usage(
                                Int64(price.allowance), per: .months(price.per),
                                price.tiers.map { tiers in
                                    try rate(tiers.map { ($0.upTo.map { Int64($0) }, decimal($0.price)) })
                                },
                                alreadyPaid: price.alreadyPaid, meter: price.meter == 1 ? "orders" : "labels")
                        }),
                    entitlements: [])
            })
    }

    func subscription() -> Subscription {
        Subscription(
            plan: 1, anchor: day(days.texts[anchor]), starts: day(days.texts[anchor]),
            signedUp: day(days.texts[signedUp]), paysEvery: .months(paysEvery), ends: nil)
    }

    /// The first day of the billing period that a day lies in.
    func periodStart(of day: Int) -> Int {
        var number = 0
        while days.after(anchor, months: invoiceEvery * (number + 1)) <= day { number += 1 }
        return days.after(anchor, months: invoiceEvery * number)
    }

    /// Whether a threshold goes beyond the allowance of a price: because something was paid already.
    func isBeyondAllowance(_ id: Int32, _ threshold: Int) -> Bool {
        versions.contains { $0.prices.contains { $0.id == id && $0.allowance < threshold } }
    }

    /// Ten-thousandths as decimal text.
    private func decimal(_ tenThousandths: Int) -> String {
        let digits = String(10_000 + tenThousandths % 10_000).dropFirst()
        return "\(tenThousandths / 10_000).\(digits)"
    }
}
