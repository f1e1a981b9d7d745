/// A half-open range of days, `[start, end)`: every period in Meterbook is one.
///
/// Half-open ranges meet without a gap and without an overlap, so a day belongs to exactly one of two neighbours.
package struct DateRange: Hashable, Sendable {
    package let start: CivilDate
    /// The first day that is no longer inside.
    package let end: CivilDate

    /// Nil unless `start` lies before `end`: no period of service is empty.
    package init?(start: CivilDate, end: CivilDate) {
        guard start < end else { return nil }
        self.start = start
        self.end = end
    }

    /// As a period stands on the books: also the empty one before the first. Nil when it runs backwards.
    package init?(period start: CivilDate, _ end: CivilDate) {
        guard start <= end else { return nil }
        self.start = start
        self.end = end
    }

    /// For ranges whose order the caller has just established.
    init(ordered start: CivilDate, _ end: CivilDate) {
        self.start = start
        self.end = end
    }

    /// The point at which something begins: what stands before the first period of a subscription.
    package static func empty(at day: CivilDate) -> DateRange { DateRange(ordered: day, day) }

    package var isEmpty: Bool { start == end }

    package var days: Int { Int(end.daysSince1970 - start.daysSince1970) }

    package func contains(_ day: CivilDate) -> Bool {
        start <= day && day < end
    }
}

extension DateRange: CustomStringConvertible {
    /// ISO 8601 interval notation with an exclusive end: `2022-01-28/2022-02-28`.
    package var description: String { "\(start)/\(end)" }
}
