package import Billing

/// Periods as people say them.
package enum PeriodText {
    /// The first and the last day, both inside: `2022-02-01 to 2022-02-28`, or the day alone.
    ///
    /// The program's ranges are half-open; people read a period with its last day. So every text shows the day before the
    /// range's end, and JSON, which programs read, keeps the end itself.
    package static func inclusive(_ range: DateRange) -> String {
        guard !range.isEmpty else { return "\(range.start)" }
        let last = lastDay(of: range)
        return last == range.start ? "\(last)" : "\(range.start) to \(last)"
    }

    package static func lastDay(of range: DateRange) -> CivilDate {
        range.end.adding(days: -1) ?? range.end
    }

    /// The width of the longest period.
    static let width = 24

    /// `a month`, `a half year`, `2 months`: what one amount is for.
    package static func once(_ cadence: Cadence) -> String {
        let words = words(cadence)
        return words.first?.isNumber == true ? "for \(words)" : "a \(words)"
    }

    /// `every month`, `every 2 months`.
    package static func every(_ cadence: Cadence) -> String {
        "every \(words(cadence))"
    }

    private static func words(_ cadence: Cadence) -> String {
        String(cadence.description.map { $0 == "_" ? " " : $0 })
    }
}

/// Instants of the server's clock, in UTC, by integer arithmetic alone.
package enum InstantText {
    /// ISO 8601 to the microsecond: `2022-03-01T02:00:05.000123Z`.
    package static func precise(_ microseconds: Int64) -> String {
        text(microseconds) { ".\(pad($0, 6))" }
    }

    /// ISO 8601 to the second, for people: `2022-03-01T02:00:05Z`.
    package static func brief(_ microseconds: Int64) -> String {
        text(microseconds) { _ in "" }
    }

    private static func text(_ microseconds: Int64, fraction: (Int64) -> String) -> String {
        let perDay: Int64 = 86_400_000_000
        // Rounded down, so that an instant before 1970 lies in its own day.
        let rest = (microseconds % perDay + perDay) % perDay
        let days = microseconds / perDay - (microseconds % perDay < 0 ? 1 : 0)
        guard let number = Int32(exactly: days), let day = CivilDate(daysSince1970: number) else {
            return "\(microseconds) microseconds since 1970-01-01T00:00:00Z"
        }
        let seconds = rest / 1_000_000
        let clock = "\(pad(seconds / 3_600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2))"
        return "\(day)T\(clock)\(fraction(rest % 1_000_000))Z"
    }

    /// How long something took, with as much precision as one reads: `350 ms`, `12.3 s`, `2 min 05 s`, `3 h 02 min`.
    /// Always rounded down.
    package static func duration(from start: Int64, to end: Int64) -> String {
        let microseconds = Int128(end) - Int128(start)
        // A server's clock may be set back.
        guard microseconds >= 0 else { return "-\(duration(microseconds.magnitude))" }
        return duration(microseconds.magnitude)
    }

    private static func duration(_ microseconds: UInt128) -> String {
        let seconds = microseconds / 1_000_000
        switch seconds {
        case 0: return "\(microseconds / 1_000) ms"
        case 1..<60: return "\(seconds).\(microseconds / 100_000 % 10) s"
        case 60..<3_600: return "\(seconds / 60) min \(pad(seconds % 60, 2)) s"
        default: return "\(NumberText.grouped(seconds / 3_600)) h \(pad(seconds / 60 % 60, 2)) min"
        }
    }

    private static func pad(_ number: some BinaryInteger, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
