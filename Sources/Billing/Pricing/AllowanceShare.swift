/// What an allowance period includes and costs at most for a subscription: all of it, or where the subscription begins in
/// the midst of it and the price is prorated, its part by the day:
///
///     allowance period   01-01 ─────────────────────── 02-01     31 days, 1,000 included, 40.00 at most
///     starts                          01-15                      17 days, 548 included, 21.94 at most
///     counted                         ├───────────────┤
package struct AllowanceShare: Hashable, Sendable {
    /// The first day whose use counts in the period.
    package let countsFrom: CivilDate
    /// In the smallest parts of the meter's unit.
    package let allowance: Int64
    /// In minor units.
    package let maximum: Int64?
    /// The days of the part; nil where the period is whole.
    package let days: Int?
}

extension RatingUsage {
    /// - Parameter starts: the first day that the subscription is billed.
    package func share(of period: DateRange, starts: CivilDate) -> AllowanceShare {
        guard terms.isProrated, period.start < starts, starts < period.end else {
            return AllowanceShare(
                countsFrom: period.start, allowance: allowance, maximum: terms.maximum, days: nil)
        }
        let days = starts.days(until: period.end)
        func part(_ whole: Int64) -> Int64 {
            Proration(whole, days: period.days, rounding: rounding)?.first(days) ?? whole
        }
        return AllowanceShare(
            countsFrom: starts, allowance: part(allowance), maximum: terms.maximum.map(part), days: days)
    }
}
