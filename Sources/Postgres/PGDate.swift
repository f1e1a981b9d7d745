/// A civil date of PostgreSQL's type `date`, proleptic Gregorian, without a zone.
///
/// The server's range is 4713-01-01 BC to 5874897-12-31. `infinity` and `-infinity` are dates to PostgreSQL but no days: they
/// are refused on decoding, and cannot be made here.
package struct PGDate: Hashable, Comparable, Sendable {
    /// Days after 1970-01-01; negative before it.
    package var daysSince1970: Int32

    package init(daysSince1970: Int32) {
        self.daysSince1970 = daysSince1970
    }

    package static func < (left: PGDate, right: PGDate) -> Bool { left.daysSince1970 < right.daysSince1970 }

    /// 2000-01-01, the day from which PostgreSQL counts, in days after 1970-01-01.
    @usableFromInline static let epoch: Int32 = 10_957

    /// From the server's count; nil for its two infinities, the ends of Int32.
    @inlinable
    package init?(daysSince2000 days: Int32) {
        guard days != .max, days != .min else { return nil }
        let (sum, overflow) = days.addingReportingOverflow(10_957)
        guard !overflow else { return nil }
        self.init(daysSince1970: sum)
    }

    /// The server's count; nil where it would pass Int32 or mean an infinity.
    @inlinable
    package var daysSince2000: Int32? {
        let (days, overflow) = daysSince1970.subtractingReportingOverflow(10_957)
        return overflow || days == .min ? nil : days
    }
}

/// An instant of PostgreSQL's type `timestamptz`. The server stores no zone with it, only the instant.
///
/// The server's range is 4713 BC to the year 294276. The two infinities are refused on decoding, and so are the last thirty years
/// of the range, which do not fit Int64 when counted from 1970.
package struct PGTimestamp: Hashable, Comparable, Sendable {
    /// Microseconds after 1970-01-01T00:00:00Z, without leap seconds; negative before it.
    package var microsecondsSince1970: Int64

    package init(microsecondsSince1970: Int64) {
        self.microsecondsSince1970 = microsecondsSince1970
    }

    package static func < (left: PGTimestamp, right: PGTimestamp) -> Bool {
        left.microsecondsSince1970 < right.microsecondsSince1970
    }

    /// From the server's count from 2000-01-01T00:00:00Z; nil for its two infinities, the ends of Int64.
    @inlinable
    package init?(microsecondsSince2000 microseconds: Int64) {
        guard microseconds != .max, microseconds != .min else { return nil }
        let (sum, overflow) = microseconds.addingReportingOverflow(946_684_800_000_000)
        guard !overflow else { return nil }
        self.init(microsecondsSince1970: sum)
    }

    /// The server's count; nil where it would pass Int64 or mean an infinity.
    @inlinable
    package var microsecondsSince2000: Int64? {
        let (microseconds, overflow) = microsecondsSince1970.subtractingReportingOverflow(946_684_800_000_000)
        return overflow || microseconds == .min ? nil : microseconds
    }
}
