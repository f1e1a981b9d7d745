import Billing

/// What an allowance period includes for a subscription, and from when on it counts.
struct AllowanceShareBill {
    let period: Span
    let countsFrom: Day
    let allowance: Int
    let maximum: Int?
    private let isAlreadyPaid: Bool

    /// - Parameter day: one of the allowance period.
    init(_ charge: Charge, _ holding: Holding, on day: Day) {
        let usage = charge.usage
        let period = Rhythm(anchor: holding.anchor, every: usage.per).period(of: day)
        self.period = period
        isAlreadyPaid = usage.alreadyPaid
        let isPart = usage.isProrated && period.start < holding.starts && holding.starts < period.end
        guard isPart else {
            (countsFrom, allowance, maximum) = (period.start, charge.allowance, usage.maximum.map { Int($0) })
            return
        }
        countsFrom = holding.starts
        let days = Fraction(period.end - holding.starts) / Fraction(period.count)
        func part(_ whole: Int) -> Int { (Fraction(whole) * days).rounded(charge.rounding) }
        (allowance, maximum) = (part(charge.allowance), usage.maximum.map { part(Int($0)) })
    }

    /// The count beyond which units are charged: what is included, or what is paid already where that is more.
    ///
    /// - Parameters:
    ///   - day: the first day of the terms.
    ///   - paid: what was counted on some days.
    func threshold(since day: Day, paid: (Span) -> Int) -> Int {
        guard isAlreadyPaid, countsFrom < day, day < period.end else { return allowance }
        return max(allowance, paid(Span(countsFrom, day)))
    }
}

extension Catalog {
    /// How many minor units one unit of its currency has.
    var minorUnits: Int { [0: 1, 2: 100, 3: 1_000][currency.exponent] ?? 100 }
}

extension Meter {
    /// Whether it adds up every reading of its own key, so that any days can be told.
    package var isPlainSum: Bool {
        aggregate == .sum && series == key && channels.isEmpty && categories.isEmpty && window == .period
    }

    /// How many of the smallest parts make a unit of its quantity: a number of channels is never divided.
    package var partsOfUnit: Int {
        if aggregate == .unique || aggregate == .peak { return 1 }
        return (0..<places).reduce(1) { parts, _ in parts * 10 }
    }
}
