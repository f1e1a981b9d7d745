/// The allowance period that a day falls into, and the count beyond which units are charged in it.
package struct AllowanceCount: Hashable, Sendable {
    package let period: DateRange
    /// The plan's allowance, or what had been counted when the version took effect within this period, if that is more
    /// and the version declares it paid already (Connex: "these sales are already paid").
    package let threshold: Int64

    /// - Parameters:
    ///   - from: the first day of the version that the price belongs to.
    ///   - totals: every slice of the allowance period up to `from`.
    package init(
        of usage: RatingUsage, from: CivilDate, anchor: CivilDate, on day: CivilDate, totals: [SliceTotal]
    ) throws(BillingError) {
        let calendar = BillingCalendar(anchor: anchor, cadence: usage.terms.per)
        try self.init(of: usage, from: from, period: calendar.period(containing: day), totals: totals)
    }

    /// For who knows the allowance period.
    init(
        of usage: RatingUsage, from: CivilDate, period: DateRange, totals: [SliceTotal]
    ) throws(BillingError) {
        var threshold = usage.allowance
        if usage.terms.alreadyPaid, period.start < from, from < period.end {
            let paid = try totals.sum(
                usage.meterID, from: period.start, to: from, meterKey: usage.terms.meter)
            threshold = max(threshold, paid)
        }
        self.period = period
        self.threshold = threshold
    }

    /// How much of the threshold goes beyond the plan's own allowance.
    package func alreadyPaid(beyond allowance: Int64) -> Int64 {
        max(0, threshold - allowance)
    }
}
