/// A usage price ready for rating: it turns counts into money.
///
/// The amount of a stretch of usage is the difference of two running amounts, each rounded once:
///
///     over(x)   = max(0, x − threshold)
///     line      = amount(over(count at the end)) − amount(over(count at the start))
///
/// so the lines of an allowance period telescope: however it was cut into periods and corrections, their sum is what the
/// final count costs when it is rated once.
package struct RatingUsage: Sendable {
    package let meterID: Int32
    package let terms: UsagePrice
    /// Whether the meter is a running total; if not, it has one quantity for each billing period.
    package let isRunning: Bool
    /// The terms' allowance in the smallest parts of the meter's unit, as all quantities are.
    package let allowance: Int64
    let key: String
    /// The smallest parts in one whole unit: 10 to the power of the meter's decimal places.
    private let scale: Int64
    private let tiers: [Tier]
    private let rounding: Rounding
    /// What one minor unit is of an exact amount.
    private let unitsPerMinor: Int128

    private struct Tier: Sendable {
        /// Units before this tier.
        let after: Int64
        let upTo: Int64?
        let price: Int128
    }

    /// - Parameter places: the decimal places of the meter's quantity, 0 to 6.
    package init(
        _ terms: UsagePrice, meterID: Int32, key: String, currency: Currency, rounding: Rounding,
        isRunning: Bool = true, places: Int = 0
    ) {
        var scale: Int64 = 1
        for _ in 0..<min(max(places, 0), Meter.mostPlaces) { scale *= 10 }
        /// What no quantity of 64 bits reaches is no limit.
        func parts(_ units: Int64) -> Int64 {
            let (parts, overflow) = units.multipliedReportingOverflow(by: scale)
            return overflow ? .max : parts
        }
        self.scale = scale
        self.isRunning = isRunning
        allowance = parts(terms.allowance)
        self.meterID = meterID
        self.terms = terms
        self.key = key
        self.rounding = rounding
        unitsPerMinor = ExactDecimal.one / Int128(currency.minorUnits) * Int128(scale)
        var after: Int64 = 0
        var tiers: [Tier] = []
        for tier in terms.rate?.tiers ?? [] {
            tiers.append(Tier(after: after, upTo: tier.upTo.map(parts), price: tier.unitPrice.units))
            after = tier.upTo.map(parts) ?? after
        }
        self.tiers = tiers
    }

    /// What a count of units beyond the threshold costs, before rounding: the price of a whole unit for each smallest part.
    private func exactAmount(over: Int64) throws(BillingError) -> Int128 {
        var sum: Int128 = 0
        for tier in tiers {
            guard over > tier.after else { break }
            let quantity = Int128(min(over, tier.upTo ?? over) - tier.after)
            let (product, productOverflow) = quantity.multipliedReportingOverflow(by: tier.price)
            let (next, sumOverflow) = sum.addingReportingOverflow(product)
            guard !productOverflow, !sumOverflow else { throw BillingError.amountOverflow(price: key) }
            sum = next
        }
        return sum
    }

    /// What a count of units beyond the threshold costs, rounded to minor units.
    func amount(over: Int64) throws(BillingError) -> Int64 {
        guard over > 0 else { return 0 }
        guard let minor = Int64(exactly: rounding.divide(try exactAmount(over: over), by: unitsPerMinor)) else {
            throw BillingError.amountOverflow(price: key)
        }
        return minor
    }

    /// By how much a count goes beyond the threshold.
    private func over(_ count: Int64, _ threshold: Int64) throws(BillingError) -> Int64 {
        guard count > threshold else { return 0 }
        let (over, overflow) = count.subtractingReportingOverflow(threshold)
        guard !overflow else { throw BillingError.quantityOverflow(meter: terms.meter) }
        return over
    }

    /// Rates the stretch of usage that follows a count of `before` in its allowance period.
    package func rate(quantity: Int64, before: Int64, threshold: Int64) throws(BillingError) -> UsageRating {
        let (after, overflow) = before.addingReportingOverflow(quantity)
        guard !overflow else { throw BillingError.quantityOverflow(meter: terms.meter) }
        let overBefore = try over(before, threshold)
        let overAfter = try over(after, threshold)
        let amountBefore = try amount(over: overBefore)
        let amountAfter = try amount(over: overAfter)
        let (amount, amountOverflow) = amountAfter.subtractingReportingOverflow(amountBefore)
        guard !amountOverflow else { throw BillingError.amountOverflow(price: key) }
        return UsageRating(
            quantity: quantity, before: before, threshold: threshold, billable: overAfter - overBefore, amount: amount)
    }
}

/// What rating a stretch of usage came to, with everything that it was computed from.
package struct UsageRating: Hashable, Sendable {
    /// What was counted in the stretch.
    package let quantity: Int64
    /// What had been counted in the allowance period before it.
    package let before: Int64
    /// The count beyond which units are charged.
    package let threshold: Int64
    /// Units of the stretch that lie beyond the threshold.
    package let billable: Int64
    /// Minor units.
    package let amount: Int64
}

extension RatingUsage {
    /// One tier's part of a running amount, for people who ask how an amount came about.
    package struct TierShare: Hashable, Sendable {
        /// The first and the last unit of the tier that count here, numbered from the first unit beyond the threshold.
        package let first: Int64
        package let last: Int64
        package let unitPrice: ExactDecimal
        /// In units of 10⁻¹² of the major unit; what lies behind is cut off, which a meter without places never has.
        package let exact: Int128

        package var quantity: Int64 { last - first + 1 }
    }

    /// The running amount at a count, tier by tier, and its one rounding.
    package struct RunningAmount: Hashable, Sendable {
        package let count: Int64
        package let over: Int64
        package let shares: [TierShare]
        /// As in a share.
        package let exact: Int128
        /// Rounded, in minor units.
        package let minor: Int64
    }

    /// The arithmetic behind `rate`, derived again step by step. The total is computed by the same function.
    package func runningAmount(count: Int64, threshold: Int64) throws(BillingError) -> RunningAmount {
        let over = try over(count, threshold)
        var shares: [TierShare] = []
        for (tier, declared) in zip(tiers, terms.rate?.tiers ?? []) where over > tier.after {
            let last = min(over, tier.upTo ?? over)
            let (exact, overflow) = Int128(last - tier.after).multipliedReportingOverflow(by: tier.price)
            guard !overflow else { throw BillingError.amountOverflow(price: key) }
            shares.append(
                TierShare(
                    first: tier.after + 1, last: last, unitPrice: declared.unitPrice, exact: exact / Int128(scale)))
        }
        return RunningAmount(
            count: count, over: over, shares: shares, exact: try exactAmount(over: over) / Int128(scale),
            minor: try amount(over: over))
    }
}
