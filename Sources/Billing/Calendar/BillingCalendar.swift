/// The boundaries of a subscription's periods, each computed from the anchor date and never from the boundary before it.
///
///     anchor 2021-01-31, every month
///     n   0           1           2           3
///         01-31 ───── 02-28 ───── 03-31 ───── 04-30
///
/// A month too short for the anchor's day is clamped to its last day, and the next month is back at the anchor's day
/// (the billing page of Extensiv: a period from the 28th to the 28th). Boundaries exist on both sides of the anchor.
///
/// Who pays by the month and then by the year keeps his anchor date, but his years begin with the month in which he changed:
///
///     anchor 2021-01-31, every year, from 2021-04-30
///     n   0            1            2
///         2021-04-30 ─ 2022-04-30 ─ 2023-04-30
package struct BillingCalendar: Hashable, Sendable {
    package let anchor: CivilDate
    package let cadence: Cadence
    /// By how many months, or days, boundary number 0 lies behind the anchor date.
    private let offset: Int

    package init(anchor: CivilDate, cadence: Cadence) {
        self.anchor = anchor
        self.cadence = cadence
        offset = 0
    }

    /// - Parameter first: the boundary that is to have number 0: one of the anchor date with a cadence that this one is a
    ///   multiple of. For a day between two boundaries by the month it is the one before it.
    package init(anchor: CivilDate, cadence: Cadence, from first: CivilDate) {
        self.anchor = anchor
        self.cadence = cadence
        let (from, to) = (anchor.components, first.components)
        offset =
            switch cadence {
            case .days: Int(first.daysSince1970) - Int(anchor.daysSince1970)
            case .months:
                (to.year - from.year) * 12 + to.month - from.month
                    - (to.day < min(from.day, CivilDate.days(in: to.month, of: to.year)) ? 1 : 0)
            }
    }

    /// Boundary number `index`; number 0 is the anchor date itself, unless the calendar begins elsewhere.
    package func boundary(_ index: Int) throws(BillingError) -> CivilDate {
        let step =
            switch cadence {
            case .days(let days): days
            case .months(let months): months
            }
        let (steps, stepsOverflow) = step.multipliedReportingOverflow(by: index)
        let (distance, overflow) = steps.addingReportingOverflow(offset)
        let date: CivilDate? =
            if stepsOverflow || overflow {
                nil
            } else {
                switch cadence {
                case .days: anchor.adding(days: distance)
                case .months: anchor.adding(months: distance)
                }
            }
        guard let date else { throw BillingError.dateOutOfRange(anchor: anchor, cadence: cadence, index: index) }
        return date
    }

    /// The number of the last boundary on or before `day`: the period that contains it.
    package func index(containing day: CivilDate) throws(BillingError) -> Int {
        switch cadence {
        case .days(let days):
            let distance = Int(day.daysSince1970) - Int(anchor.daysSince1970) - offset
            return floorDivide(distance, days)
        case .months(let months):
            let (from, to) = (anchor.components, day.components)
            let distance = (to.year - from.year) * 12 + to.month - from.month - offset
            let guess = floorDivide(distance, months)
            let monthsAgo = distance - guess * months
            guard to.year * 12 + to.month - monthsAgo > 12 else {
                throw BillingError.dateOutOfRange(anchor: anchor, cadence: cadence, index: guess)
            }
            // The guess looks at months alone; within the day's own month the boundary may still lie ahead.
            let isAhead = monthsAgo == 0 && to.day < min(from.day, CivilDate.days(in: to.month, of: to.year))
            return isAhead ? guess - 1 : guess
        }
    }

    /// The period number `index`: from its boundary to the next one.
    package func period(_ index: Int) throws(BillingError) -> DateRange {
        DateRange(ordered: try boundary(index), try boundary(index + 1))
    }

    /// The period that contains `day`.
    package func period(containing day: CivilDate) throws(BillingError) -> DateRange {
        try period(index(containing: day))
    }

    package func isBoundary(_ day: CivilDate) throws(BillingError) -> Bool {
        try boundary(index(containing: day)) == day
    }

    private func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
        let quotient = dividend / divisor
        return dividend % divisor < 0 ? quotient - 1 : quotient
    }
}
