/// Where the boundaries of billing periods lie: counted from the day on which billing starts, or laid on the calendar.
package enum Alignment: String, Hashable, Sendable, CaseIterable {
    /// From the anchor date of each subscription.
    case anniversary
    /// For everybody on the same days, so that the first period is mostly a short one.
    case calendar

    /// The anchor date from which the boundaries follow for who is billed from `start`.
    ///
    ///     calendar, every month, quarter, year …   January 1st of the year of the start
    ///     calendar, every week, 2 weeks …          the Monday on or before it (weeks begin on Mondays: ISO 8601)
    ///     calendar, every day, 10 days …           the start: the calendar marks no such days
    ///
    /// Nil when that lies before the year 1.
    package func anchor(for start: CivilDate, every cadence: Cadence) -> CivilDate? {
        switch (self, cadence) {
        case (.anniversary, _): start
        case (.calendar, .months): CivilDate(year: start.components.year, month: 1, day: 1)
        case (.calendar, .days(let days)): days % 7 == 0 ? start.mondayOnOrBefore : start
        }
    }
}

extension CivilDate {
    /// The first day of this day's week by ISO 8601; nil before the year 1.
    package var mondayOnOrBefore: CivilDate? {
        // 1970-01-01 was a Thursday. The remainder takes the sign of the dividend, so it is made positive.
        let sinceMonday = ((Int(daysSince1970) + 3) % 7 + 7) % 7
        return adding(days: -sinceMonday)
    }

    /// The latest day on or before this one that has the number `day` in its month: for 29 to 31 in the latest month that
    /// is long enough. Nil when there is none since the year 1, or when no month has such a day.
    package func latest(onDay day: Int) -> CivilDate? {
        guard (1...31).contains(day) else { return nil }
        var first: CivilDate? = startOfMonth
        // The 29th of February comes back after at most eight years, and before it there is always a longer month.
        while let month = first {
            let (year, number, _) = month.components
            if let found = CivilDate(year: year, month: number, day: day), found <= self { return found }
            first = month.adding(months: -1)
        }
        return nil
    }
}
