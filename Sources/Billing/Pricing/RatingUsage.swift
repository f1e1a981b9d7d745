/// A usage price ready for rating: it turns counts into money.
///
/// The amount of a stretch of usage is the difference of two running amounts, each rounded once:
///
///     over(x)    = max(0, x − threshold)
///     running(x) = min(maximum, what over(x) costs)
///     line       = running(count at the end) − running(count at the start)
///
/// so the lines of an allowance period telescope: however it was cut into periods and corrections, their sum is what the
/// final count costs when it is rated once. At the start of the allowance period nothing has been charged, so a fee that
/// is due for a quantity of zero falls into the first stretch.
///
/// A class, as `RatingPlan` is, so that rating a line copies none of its texts and lists.
package final class RatingUsage: Sendable {
    package let meterID: Int32
    package let terms: UsagePrice
    /// Whether the meter is a running total; if not, it has one quantity for each billing period.
    package let isRunning: Bool
    /// The terms' allowance in the smallest parts of the meter's unit, as all quantities are.
    package let allowance: Int64
    let key: String
    let rounding: Rounding
    private let tariff: Tariff?
    private let chargesZero: Bool

    /// - Parameter places: the decimal places of the meter's quantity, 0 to 6.
    package init(
        _ terms: UsagePrice, meterID: Int32, key: String, currency: Currency, rounding: Rounding,
        isRunning: Bool = true, places: Int = 0
    ) {
        self.meterID = meterID
        self.terms = terms
        self.key = key
        self.isRunning = isRunning
        self.rounding = rounding
        allowance = Tariff.parts(terms.allowance, places: places)
        tariff = terms.rate.map { Tariff($0, places: places, key: key, currency: currency, rounding: rounding) }
        chargesZero = terms.rate?.chargesZero ?? false
    }

    /// A count within its allowance period.
    package struct Count: Hashable, Sendable {
        /// Everything counted in the allowance period so far.
        package var quantity: Int64
        /// Whether this is where charging begins in the allowance period, so that no fee has been charged for no use.
        package var isStart: Bool

        package init(quantity: Int64, isStart: Bool) {
            self.quantity = quantity
            self.isStart = isStart
        }

        package static let start = Count(quantity: 0, isStart: true)

        package static func after(_ quantity: Int64) -> Count { Count(quantity: quantity, isStart: false) }
    }

    /// By how much a count goes beyond the threshold.
    private func over(_ count: Int64, _ threshold: Int64) throws(BillingError) -> Int64 {
        guard count > threshold else { return 0 }
        let (over, overflow) = count.subtractingReportingOverflow(threshold)
        guard !overflow else { throw BillingError.quantityOverflow(meter: terms.meter) }
        return over
    }

    /// What an allowance period costs at a count, in minor units, before the maximum is applied.
    private func uncapped(_ count: Count, _ threshold: Int64) throws(BillingError) -> Int64 {
        guard let tariff else { return 0 }
        return try tariff.amount(over(count.quantity, threshold), chargingZero: chargesZero && !count.isStart)
    }

    /// Rates the stretch of usage that follows a count in its allowance period.
    ///
    /// - Parameters:
    ///   - before: the count at the start of the stretch.
    ///   - maximum: the most that the allowance period costs, in minor units; nil without a bound.
    package func rate(
        quantity: Int64, before: Count, threshold: Int64, maximum: Int64?
    ) throws(BillingError) -> UsageRating {
        let (after, overflow) = before.quantity.addingReportingOverflow(quantity)
        guard !overflow else { throw BillingError.quantityOverflow(meter: terms.meter) }
        let overBefore = try over(before.quantity, threshold)
        let overAfter = try over(after, threshold)
        let uncappedBefore = try uncapped(before, threshold)
        let uncappedAfter = try uncapped(.after(after), threshold)
        let (amount, amountOverflow) = Self.cap(uncappedAfter, at: maximum)
            .subtractingReportingOverflow(Self.cap(uncappedBefore, at: maximum))
        guard !amountOverflow else { throw BillingError.amountOverflow(price: key) }
        return UsageRating(
            quantity: quantity, before: before.quantity, threshold: threshold, billable: overAfter - overBefore,
            amount: amount, uncappedBefore: uncappedBefore, uncappedAfter: uncappedAfter)
    }

    private static func cap(_ minor: Int64, at maximum: Int64?) -> Int64 {
        maximum.map { min($0, minor) } ?? minor
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
    /// What the allowance period cost at both ends of the stretch, in minor units, if the price had no maximum.
    package let uncappedBefore: Int64
    package let uncappedAfter: Int64
}

extension RatingUsage {
    /// The running amount at a count, share by share, and its one rounding.
    package struct RunningAmount: Hashable, Sendable {
        package let count: Int64
        package let over: Int64
        package let shares: [Tariff.Share]
        /// The shares' sum; nil without any.
        package let exact: ExactAmount?
        /// Rounded, in minor units, before the maximum.
        package let uncapped: Int64
        /// Rounded and capped, in minor units.
        package let minor: Int64
    }

    /// The arithmetic behind `rate`, derived again step by step.
    package func runningAmount(
        _ count: Count, threshold: Int64, maximum: Int64?
    ) throws(BillingError) -> RunningAmount {
        let over = try over(count.quantity, threshold)
        let shares = try tariff?.shares(over, chargingZero: chargesZero && !count.isStart) ?? []
        var exact: ExactAmount?
        for share in shares {
            let (sum, overflow) = (exact?.units ?? 0).addingReportingOverflow(share.exact.units)
            guard !overflow else { throw BillingError.amountOverflow(price: key) }
            exact = ExactAmount(units: sum, places: share.exact.places)
        }
        let uncapped = try uncapped(count, threshold)
        return RunningAmount(
            count: count.quantity, over: over, shares: shares, exact: exact, uncapped: uncapped,
            minor: Self.cap(uncapped, at: maximum))
    }
}
