/// The allowance period that a day falls into, and the count beyond which units are charged in it.
package struct AllowanceCount: Hashable, Sendable {
    package let period: DateRange
    /// The subscription's part of the period.
    package let share: AllowanceShare
    /// The share's allowance, or what had been counted when the version took effect within this period, if that is more
    /// and the version declares it paid already (Connex: "these sales are already paid").
    package let threshold: Int64

    /// - Parameters:
    ///   - from: the first day of the version that the price belongs to.
    ///   - starts: the first day that the subscription is billed.
    ///   - totals: every slice of the allowance period up to `from`.
    package init(
        of usage: RatingUsage, from: CivilDate, anchor: CivilDate, starts: CivilDate, on day: CivilDate,
        totals: [SliceTotal]
    ) throws(BillingError) {
        let calendar = BillingCalendar(anchor: anchor, cadence: usage.terms.per)
        try self.init(of: usage, from: from, period: calendar.period(containing: day), starts: starts, totals: totals)
    }

    /// For who knows the allowance period.
    init(
        of usage: RatingUsage, from: CivilDate, period: DateRange, starts: CivilDate, totals: [SliceTotal]
    ) throws(BillingError) {
        let share = usage.share(of: period, starts: starts)
        var threshold = share.allowance
        if usage.terms.alreadyPaid, share.countsFrom < from, from < period.end {
            let paid = try totals.sum(
                usage.meterID, from: share.countsFrom, to: from, meterKey: usage.terms.meter)
            threshold = max(threshold, paid)
        }
        self.period = period
        self.share = share
        self.threshold = threshold
    }

    /// How much of the threshold goes beyond the allowance.
    package var alreadyPaid: Int64 { max(0, threshold - share.allowance) }
}
