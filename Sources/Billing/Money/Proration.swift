/// A part of an amount, by the day.
///
/// An amount for a whole period is spread evenly over its days: 100.00 for 30 days is 66.67 for 20 of them. Where one
/// charge is divided further, each part is the difference of two rounded running amounts, so the parts sum to the charge:
///
///     charge   ├────────── 20 days ──────────┤   66.67
///     parts    ├── 7 days ──┤─── 13 days ────┤   23.33 + 43.34
package struct Proration: Hashable, Sendable {
    /// Minor units for the whole period; may be negative.
    package let amount: Int64
    /// The length of the whole period in days.
    package let days: Int
    package let rounding: Rounding

    /// Nil for a period without days.
    package init?(_ amount: Int64, days: Int, rounding: Rounding) {
        guard days > 0 else { return nil }
        self.amount = amount
        self.days = days
        self.rounding = rounding
    }

    /// What the first `count` days of a charge cost.
    ///
    /// - Parameter count: 0 to the days of the whole period; what lies outside is taken for the nearer of them.
    package func first(_ count: Int) -> Int64 {
        let count = min(max(count, 0), days)
        // No larger than the amount itself, so it fits.
        return Int64(clamping: rounding.divide(Int128(amount) * Int128(count), by: Int128(days)))
    }

    /// What the days from number `start` until before number `end` of a charge cost.
    package func part(from start: Int, to end: Int) -> Int64 {
        first(end) - first(start)
    }
}
