/// A time zone by its rules, written out: what PostgreSQL takes from the zone database, said a second time.
package enum Zone: String, CaseIterable, Sendable {
    case utc = "UTC"
    /// Never another hour, and half an hour beside the others.
    case kolkata = "Asia/Kolkata"
    /// From the last Sunday of March to that of October, at 01:00 UTC.
    case berlin = "Europe/Berlin"
    /// From the second Sunday of March to the first of November, at 02:00 of its clocks.
    case newYork = "America/New_York"
    /// On the same days, from 00:00 and until 01:00 of its clocks: midnight is left out in spring and comes twice in autumn.
    case havana = "America/Havana"
    /// Half an hour, from the first Sunday of October to that of April, at 02:00 of its clocks.
    case lordHowe = "Australia/Lord_Howe"

    /// By how many minutes the clocks are ahead of UTC at an instant, in minutes since 1970-01-01 UTC.
    func ahead(at instant: Int) -> Int {
        let year = Self.day(of: instant).year
        switch self {
        case .utc: return 0
        case .kolkata: return 330
        case .berlin:
            return isBetween(Self.last(year, 3), 60, Self.last(year, 10), 60, instant) ? 120 : 60
        case .newYork:
            return isBetween(Self.sunday(2, year, 3), 7 * 60, Self.sunday(1, year, 11), 6 * 60, instant) ? -240 : -300
        case .havana:
            return isBetween(Self.sunday(2, year, 3), 5 * 60, Self.sunday(1, year, 11), 5 * 60, instant) ? -240 : -300
        case .lordHowe:
            // The clocks of the winter half are 10:30 ahead, so 02:00 is on the day before in UTC.
            return isBetween(
                Self.sunday(1, year, 4), 15 * 60 - 1_440, Self.sunday(1, year, 10), 15 * 60 + 30 - 1_440, instant)
                ? 630 : 660
        }
    }

    /// The local day of an instant.
    package func day(at instant: Int) -> Day { Self.day(of: instant + ahead(at: instant)) }

    /// The first instant of a local day: midnight, or what comes in its place.
    package func start(of day: Day) -> Int {
        // All clocks stand at a multiple of half an hour, and none is further away than 16 hours.
        var instant = day.number * 1_440 - 16 * 60
        while self.day(at: instant) < day { instant += 30 }
        return instant
    }

    /// The instant of a time that the clocks show; where they show it twice the second one, and where they skip it as if they
    /// had not been put forward.
    package func instant(of day: Day, minute: Int) -> Int {
        let clock = day.number * 1_440 + minute
        let shown = (-16 * 2...16 * 2).map { clock + $0 * 30 }.filter { $0 + ahead(at: $0) == clock }
        if let last = shown.last { return last }
        return clock - ahead(at: start(of: day) - 1)
    }

    private static func day(of minutes: Int) -> Day {
        Day(number: minutes >= 0 ? minutes / 1_440 : (minutes - 1_439) / 1_440)
    }

    private func isBetween(_ first: Day, _ from: Int, _ last: Day, _ until: Int, _ instant: Int) -> Bool {
        first.number * 1_440 + from <= instant && instant < last.number * 1_440 + until
    }

    /// The nth Sunday of a month.
    private static func sunday(_ number: Int, _ year: Int, _ month: Int) -> Day {
        var day = Day(first: year, month)
        while day.weekday != 6 { day = day + 1 }
        return day + (number - 1) * 7
    }

    /// The last Sunday of a month.
    private static func last(_ year: Int, _ month: Int) -> Day {
        var day = Day(first: year, month).later(months: 1) + -1
        while day.weekday != 6 { day = day + -1 }
        return day
    }
}
