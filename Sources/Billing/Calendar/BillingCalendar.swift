/// The boundaries of a subscription's periods, each computed from the anchor date and never from the boundary before it.
///
///     anchor 2021-01-31, every month
///     n   0           1           2           3
///         01-31 ───── 02-28 ───── 03-31 ───── 04-30
///
/// A month too short for the anchor's day is clamped to its last day, and the next month is back at the anchor's day
/// (the billing page of Extensiv: a period from the 28th to the 28th). Boundaries exist on both sides of the anchor.
package struct BillingCalendar: Hashable, Sendable {
    package let anchor: CivilDate
    package let cadence: Cadence

    package init(anchor: CivilDate, cadence: Cadence) {
        self.anchor = anchor
        self.cadence = cadence
    }

    /// Boundary number `index`; number 0 is the anchor date itself.
    package func boundary(_ index: Int) throws(BillingError) -> CivilDate {
        let step =
            switch cadence {
            case .days(let days): days
            case .months(let months): months
            }
        let (distance, overflow) = step.multipliedReportingOverflow(by: index)
        let date: CivilDate? =
            if overflow {
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
            let distance = Int(day.daysSince1970) - Int(anchor.daysSince1970)
            return floorDivide(distance, days)
        case .months(let months):
            let (from, to) = (anchor.components, day.components)
            let distance = (to.year - from.year) * 12 + to.month - from.month
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
