import Billing

/// What a quantity of use costs, by the words of the price and nothing else.
struct Charge {
    let usage: UsagePrice
    /// How many of the smallest parts make one unit of the meter.
    let unit: Int
    /// How many minor units make one of the currency.
    let minorUnits: Int
    let rounding: Rounding

    /// The allowance of a whole allowance period, in the smallest parts.
    var allowance: Int { Int(usage.allowance) * unit }

    /// What so much beyond the threshold costs, rounded once, in minor units.
    ///
    /// - Parameter isFirst: whether nothing has been charged in the allowance period before, so that not even a fee for no
    ///   use is due.
    func cost(beyond parts: Int, isFirst: Bool) -> Int {
        guard let rate = usage.rate else { return 0 }
        let isFeeDue = rate.chargesZero && !isFirst
        guard parts > 0 || isFeeDue else { return 0 }
        return (exact(rate, Fraction(Int128(parts), Int128(unit))) * Fraction(minorUnits)).rounded(rounding)
    }

    /// Major units of the currency for so many units of the meter.
    private func exact(_ rate: Rate, _ units: Fraction) -> Fraction {
        switch rate.model {
        case .graduated(let tiers):
            var (sum, begin) = (Fraction(0), Fraction(0))
            for (index, tier) in tiers.enumerated() {
                if units > begin || index == 0 { sum = sum + Fraction(tier.flat) }
                let end = tier.upTo.map { min(units, Fraction(Int($0))) } ?? units
                if end > begin { sum = sum + (end - begin) * Fraction(tier.unitPrice) }
                if let upTo = tier.upTo { begin = Fraction(Int(upTo)) }
            }
            return sum
        case .volume(let tiers):
            for tier in tiers where tier.upTo.map({ units <= Fraction(Int($0)) }) ?? true {
                return Fraction(tier.flat) + units * Fraction(tier.unitPrice)
            }
            return Fraction(0)
        case .stairStep(let steps):
            for step in steps where step.upTo.map({ units <= Fraction(Int($0)) }) ?? true {
                return Fraction(step.amount)
            }
            return Fraction(0)
        case .package(let size, let price):
            let packages = units / Fraction(Int(size))
            let whole = Fraction(packages.floor) == packages ? packages.floor : packages.floor + 1
            return Fraction(whole) * Fraction(price)
        case .percentage(let percentage):
            return units * Fraction(percentage.percent) / Fraction(100) + Fraction(percentage.fixed)
        }
    }
}
