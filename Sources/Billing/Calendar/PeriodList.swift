/// A stretch of billing periods, as somebody asks for it: the boundaries that follow from an anchor date and a cadence.
package struct PeriodList: Hashable, Sendable {
    /// One period with its number, counted from the anchor date.
    package struct Entry: Hashable, Sendable {
        package var number: Int
        package var period: DateRange
        /// When its first day begins, in microseconds since 1970-01-01 UTC.
        package var startsAt: Int64
        /// When the first day after it begins.
        package var endsAt: Int64
    }

    package let anchor: CivilDate
    package let cadence: Cadence
    package let alignment: Alignment
    /// The first billed day; nil for periods without a beginning.
    package let starts: CivilDate?
    /// The time zone of the days, by its IANA name.
    package let zone: String
    package let entries: [Entry]

    /// The periods from the one that contains `from` on; none of them begins before `starts`.
    ///
    /// - Parameters:
    ///   - anchor: the anchor date, or with the calendar the day from which it is derived when there is no start.
    ///   - dayStarts: the first instants of days in the zone, in microseconds since 1970-01-01 UTC, in the order given.
    package init(
        anchor: CivilDate, cadence: Cadence, alignment: Alignment, starts: CivilDate?, zone: String, from: CivilDate,
        count: Int, dayStarts: ([CivilDate]) throws -> [Int64]
    ) throws {
        guard let aligned = alignment == .anniversary ? anchor : alignment.anchor(for: starts ?? anchor, every: cadence)
        else { throw BillingError.dateOutOfRange(anchor: anchor, cadence: cadence, index: 0) }
        self.anchor = aligned
        self.cadence = cadence
        self.alignment = alignment
        self.starts = starts
        self.zone = zone
        let calendar = BillingCalendar(anchor: aligned, cadence: cadence)
        let first = try calendar.index(containing: max(from, starts ?? from))
        var numbered: [(number: Int, period: DateRange)] = []
        for offset in 0..<max(0, count) {
            let whole = try calendar.period(first + offset)
            let period = starts.flatMap { DateRange(start: max(whole.start, $0), end: whole.end) } ?? whole
            numbered.append((first + offset, period))
        }
        let days = numbered.map(\.period.start) + numbered.suffix(1).map(\.period.end)
        let instants = try dayStarts(days)
        entries = zip(numbered, zip(instants, instants.dropFirst())).map { entry, instants in
            Entry(number: entry.number, period: entry.period, startsAt: instants.0, endsAt: instants.1)
        }
    }

    /// The first instants of days in UTC, for which nobody needs to be asked.
    package static func utcDayStarts(_ days: [CivilDate]) -> [Int64] {
        days.map { Int64($0.daysSince1970) * 86_400_000_000 }
    }
}
