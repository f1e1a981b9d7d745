/// The days that a source delivered, and by them and its expectation the days that are missing.
///
/// What is usual is told from the days before. A day that was missed counts as usual for those after it, so a source that
/// stops is missed on all its days and not only in the first weeks.
package struct SourceDays: Hashable, Sendable {
    /// A day that was delivered.
    package struct Day: Hashable, Sendable {
        package var day: CivilDate
        /// As the source delivered them last, and the most that it ever did.
        package var readings: Int64
        package var mostReadings: Int64
        /// The sum of all readings in the smallest parts of their meters' units, whatever the meters.
        package var quantity: Int64
        package var mostQuantity: Int64

        package init(
            day: CivilDate, readings: Int64, mostReadings: Int64? = nil, quantity: Int64, mostQuantity: Int64? = nil
        ) {
            self.day = day
            self.readings = readings
            self.mostReadings = mostReadings ?? readings
            self.quantity = quantity
            self.mostQuantity = mostQuantity ?? quantity
        }
    }

    package enum State: String, Hashable, Sendable {
        case delivered
        /// Delivered, but far less than is usual.
        case less
        case missing
        /// Nobody expected it.
        case idle
        /// It may still come.
        case ahead
    }

    package var source: String
    package var expectation: Expectation
    /// The first day that ever came; nil where none did.
    package var first: CivilDate?
    /// The as-of date of the last run that read it; nil for none.
    package var lastRead: CivilDate?
    private let days: [Int: Day]

    /// A day is usual when the same weekday was there in each of so many weeks before, as far as the source goes back.
    package static let weeks = 4
    /// Fewer weeks are too few to tell what is usual.
    package static let fewestWeeks = 2
    /// A source of which nothing came for so many days is given up, unless it is said to deliver every day.
    package static let givenUpAfter = Breaker.givenUpAfter
    /// What is usual has to be so much before less of it means anything.
    package static let leastUsual: Int64 = 10

    /// - Parameter days: all from the first one on, up to the end of what is asked for.
    package init(
        source: String, expectation: Expectation, first: CivilDate?, lastRead: CivilDate?, days: [Day]
    ) {
        self.source = source
        self.expectation = expectation
        self.first = first
        self.lastRead = lastRead
        self.days = Dictionary(days.map { (Int($0.day.daysSince1970), $0) }) { $1 }
    }

    /// Each day of a window.
    ///
    /// - Parameter asOf: today: what is to come from then on is not missing.
    package func states(in window: DateRange, asOf: CivilDate) -> [State] {
        let start = Int(window.start.daysSince1970)
        // From the source's first day on, wherever the window begins: a missed day says what is usual after it, and that may
        // go on for months. So every window says the same of a day.
        let begin = first.map { min(start, Int($0.daysSince1970)) } ?? start
        let due = Int(asOf.daysSince1970) - expectation.lateDays
        var states: [State] = []
        var last: Int?
        for day in begin..<Int(window.end.daysSince1970) {
            if let delivered = days[day] {
                states.append(day < due && figures(of: delivered) != nil ? .less : .delivered)
                last = day
            } else if day >= due {
                states.append(.ahead)
            } else {
                states.append(isExpected(day, last: last, after: states) ? .missing : .idle)
            }
        }
        return Array(states.dropFirst(start - begin))
    }

    /// - Parameters:
    ///   - last: the last day before it that was delivered.
    ///   - states: of all days before it.
    private func isExpected(_ day: Int, last: Int?, after states: [State]) -> Bool {
        guard let start = expectation.from ?? first, day >= Int(start.daysSince1970) else { return false }
        guard expectation.every == .usual else { return true }
        guard let first, let last, day - last <= Self.givenUpAfter else { return false }
        var known = 0
        for week in 1...Self.weeks where day - 7 * week >= Int(first.daysSince1970) {
            guard [.delivered, .less, .missing].contains(states[states.count - 7 * week]) else { return false }
            known += 1
        }
        return known >= Self.fewestWeeks
    }

    /// What a day has too little of; nil where it is as usual.
    private func figures(of day: Day) -> Gap.Figures? {
        let number = Int(day.day.daysSince1970)
        let before = (1...Self.weeks).compactMap { days[number - 7 * $0] }
        func usual(_ most: Int64, _ before: [Int64]) -> Int64 {
            before.count > 2 ? max(most, Self.median(before)) : most
        }
        let candidates = [
            Gap.Figures(
                unit: .readings, found: day.readings, usual: usual(day.mostReadings, before.map(\.readings))),
            Gap.Figures(
                unit: .quantity, found: day.quantity, usual: usual(day.mostQuantity, before.map(\.quantity))),
        ]
        return candidates.first {
            $0.usual >= Self.leastUsual
                && Int128($0.found) * 100 < Int128($0.usual) * Int128(expectation.leastPercent)
        }
    }

    /// The lower one of the two in the middle, where there are two.
    private static func median(_ values: [Int64]) -> Int64 {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2]
    }

    /// The days of a window that a gap of the source as a whole lies on, in their order.
    ///
    /// - Parameter kind: of a channel there are none.
    package func days(of kind: PeriodGap.Kind, in window: DateRange, asOf: CivilDate) -> [CivilDate] {
        switch kind {
        case .missingDay: return days(.missing, in: window, asOf: asOf)
        case .shrunkDay: return days(.less, in: window, asOf: asOf)
        case .unreadSource:
            guard let unread = unread(asOf: asOf) else { return [] }
            return (0..<window.days).compactMap { window.start.adding(days: $0) }.filter(unread.contains)
        case .missingChannel: return []
        }
    }

    private func days(_ wanted: State, in window: DateRange, asOf: CivilDate) -> [CivilDate] {
        zip(states(in: window, asOf: asOf), 0...).compactMap { state, offset in
            state == wanted ? window.start.adding(days: offset) : nil
        }
    }

    /// The last day before another one that was delivered; nil for none.
    package func lastDelivered(before day: CivilDate) -> CivilDate? {
        var number = Int(day.daysSince1970) - 1
        guard let first, number >= Int(first.daysSince1970) else { return nil }
        while number >= Int(first.daysSince1970) {
            if let delivered = days[number] { return delivered.day }
            number -= 1
        }
        return nil
    }

    /// Whether the source was there, day by day, for its channels to be told by: what may still come says nothing of them
    /// either.
    package func deliveredWhenDue(in window: DateRange, asOf: CivilDate) -> [Bool] {
        let due = asOf.adding(days: -expectation.lateDays) ?? asOf
        return zip(states(in: window, asOf: asOf), 0...).map { state, offset in
            [.delivered, .less].contains(state) && (window.start.adding(days: offset).map { $0 < due } ?? false)
        }
    }

    /// What the source as a whole lacks, in the order of the days. Nothing of what nobody looks at.
    package func gaps(in window: DateRange, asOf: CivilDate) -> [Gap] {
        lacking(in: window, asOf: asOf).filter { expectation.onGap[$0.kind.ofPeriod] != .ignore }
    }

    private func lacking(in window: DateRange, asOf: CivilDate) -> [Gap] {
        var gaps: [Gap] = []
        for (state, offset) in zip(states(in: window, asOf: asOf), 0...) {
            guard let day = window.start.adding(days: offset), let next = day.adding(days: 1) else { continue }
            if state == .less, let delivered = days[Int(day.daysSince1970)] {
                gaps.append(
                    Gap(
                        .less, source: source, days: DateRange(ordered: day, next), figures: figures(of: delivered)))
            } else if state == .missing {
                if let last = gaps.last, last.kind == .missing, last.days.end == day {
                    gaps[gaps.count - 1].days = DateRange(ordered: last.days.start, next)
                } else {
                    gaps.append(Gap(.missing, source: source, days: DateRange(ordered: day, next)))
                }
            }
        }
        if let days = unread(asOf: asOf) { gaps.append(Gap(.unread, source: source, days: days)) }
        return gaps
    }

    /// The days since the source was last read; nil where that is not too long ago, or so long that it is given up.
    private func unread(asOf: CivilDate) -> DateRange? {
        guard let lastRead, let days = DateRange(start: lastRead, end: asOf), days.days > expectation.staleDays,
            days.days <= Self.givenUpAfter || expectation.every == .day
        else { return nil }
        return days
    }
}
