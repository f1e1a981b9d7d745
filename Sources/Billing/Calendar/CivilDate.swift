/// A day of the proleptic Gregorian calendar, with no time and no zone, as the number of days since 1970-01-01.
///
/// Everything that Meterbook decides by date it decides with these integers: no calendar library, no locale, no clock.
/// The range is 0001-01-01 to 9999-12-31, which ISO 8601 writes with four digits of year and PostgreSQL stores as `date`.
package struct CivilDate: Hashable, Sendable {
    /// Days since 1970-01-01; negative before it.
    package let daysSince1970: Int32

    package static let earliest = CivilDate(unchecked: -719_162)
    package static let latest = CivilDate(unchecked: 2_932_896)

    init(unchecked daysSince1970: Int32) {
        self.daysSince1970 = daysSince1970
    }

    /// Nil outside 0001-01-01 … 9999-12-31.
    package init?(daysSince1970: Int32) {
        guard daysSince1970 >= Self.earliest.daysSince1970, daysSince1970 <= Self.latest.daysSince1970 else {
            return nil
        }
        self.daysSince1970 = daysSince1970
    }

    /// Nil when no such day exists, for example 2023-02-29.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
        else {
            return nil
        }
        self.init(unchecked: Self.days(year: year, month: month, day: day))
    }

    package static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// The length of a month, 28 to 31.
    package static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Years are counted from March, so that the leap day is the last of the year and a month's place follows from one
    // linear formula: five months from March always have 153 days. Centuries and years are told apart in quarters of a day,
    // of which they have 146,097 and 1,461 on average. Both directions stay in positive integers.

    private static func days(year: Int, month: Int, day: Int) -> Int32 {
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = month > 2 ? month - 3 : month + 9
        let century = marchYear / 100
        let beforeYear = 1_461 * marchYear / 4 - century + century / 4
        return Int32(beforeYear + (153 * marchMonth + 2) / 5 + day - 1 - 719_468)
    }

    /// Year, month 1–12 and day 1–31.
    package var components: (year: Int, month: Int, day: Int) {
        let (century, restOfCentury) = UInt32(4 * (daysSince1970 + 719_468) + 3).quotientAndRemainder(
            dividingBy: 146_097)
        let (year, restOfYear) = (4 * (restOfCentury / 4) + 3).quotientAndRemainder(dividingBy: 1_461)
        let dayOfYear = restOfYear / 4
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let isNextYear = marchMonth >= 10
        return (
            Int(100 * century + year) + (isNextYear ? 1 : 0), Int(marchMonth) + (isNextYear ? -9 : 3), Int(day)
        )
    }

    /// The first day of this day's calendar month.
    package var startOfMonth: CivilDate {
        CivilDate(unchecked: daysSince1970 - Int32(components.day - 1))
    }

    /// Nil when the result leaves the range of the type.
    package func adding(days: Int) -> CivilDate? {
        let (sum, overflow) = Int(daysSince1970).addingReportingOverflow(days)
        guard !overflow, let sum = Int32(exactly: sum) else { return nil }
        return CivilDate(daysSince1970: sum)
    }

    /// This day's number in the month that lies `months` away, or that month's last day where it is shorter.
    /// Nil when the result leaves the range of the type.
    package func adding(months: Int) -> CivilDate? {
        let (year, month, day) = components
        let (index, overflow) = (year * 12 + month - 1).addingReportingOverflow(months)
        guard !overflow, index >= 12, index < 120_000 else { return nil }
        let (newYear, newMonth) = (index / 12, index % 12 + 1)
        return CivilDate(
            unchecked: Self.days(year: newYear, month: newMonth, day: min(day, Self.days(in: newMonth, of: newYear))))
    }
}

extension CivilDate: Comparable {
    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }
}

extension CivilDate: CustomStringConvertible {
    /// ISO 8601 calendar date: `2022-02-01`.
    package var description: String {
        let (year, month, day) = components
        func digits(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
    }

    /// Reads exactly `YYYY-MM-DD`; anything else, also a day that does not exist, is nil.
    package init?(_ text: some StringProtocol) {
        let parsed = Array(text.utf8).withUnsafeBytes { CivilDate(utf8: $0) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Reads exactly the ten bytes `YYYY-MM-DD`.
    package init?(utf8 bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for index in range {
                let digit = bytes[index] &- UInt8(ascii: "0")
                guard digit <= 9 else { return nil }
                value = value * 10 + Int(digit)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
