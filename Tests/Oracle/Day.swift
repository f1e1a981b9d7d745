package import Billing

/// The calendar as tests reckon: a list of days, written down one after the other. Slow and plain, and none of the
/// program's own arithmetic.
enum Almanac {
    static let firstYear = 1970
    static let lastYear = 2039

    fileprivate static let days: [Day] = {
        var days: [Day] = []
        for year in firstYear...lastYear {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in 1...length {
                    days.append(Day(year: year, month: month + 1, day: day, number: days.count))
                }
            }
        }
        return days
    }()

    fileprivate static let byName: [Int: Day] = Dictionary(
        uniqueKeysWithValues: days.map { ($0.year * 10_000 + $0.month * 100 + $0.day, $0) })
}

/// A day of the almanac.
package struct Day: Hashable, Comparable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int
    /// Its place in the list, which begins with 1970-01-01.
    package let number: Int

    fileprivate init(year: Int, month: Int, day: Int, number: Int) {
        (self.year, self.month, self.day, self.number) = (year, month, day, number)
    }

    package init?(_ year: Int, _ month: Int, _ day: Int) {
        guard let found = Almanac.byName[year * 10_000 + month * 100 + day] else { return nil }
        self = found
    }

    /// A day as files write it: 1997-01-31.
    package init(_ text: some StringProtocol) throws {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, let day = Day(parts[0], parts[1], parts[2]) else {
            throw NoSuchDay(text: String(text))
        }
        self = day
    }

    package static func < (left: Day, right: Day) -> Bool { left.number < right.number }
    package static func == (left: Day, right: Day) -> Bool { left.number == right.number }

    package func hash(into hasher: inout Hasher) { hasher.combine(number) }

    /// So many days later.
    package static func + (day: Day, count: Int) -> Day { Almanac.days[day.number + count] }

    /// How many days lie between two; negative where the first is the earlier one.
    package static func - (left: Day, right: Day) -> Int { left.number - right.number }

    /// The day that a value of the program means.
    package init(_ date: CivilDate) { self = Almanac.days[Int(date.daysSince1970)] }

    /// By its place in the list.
    init(number: Int) { self = Almanac.days[number] }

    /// The first of a month.
    init(first year: Int, _ month: Int) {
        self = Almanac.byName[year * 10_000 + month * 100 + 1] ?? Almanac.days[0]
    }

    /// The first day of its month.
    package var firstOfMonth: Day { self + (1 - day) }

    /// 0 for a Monday to 6 for a Sunday. The almanac begins with a Thursday.
    package var weekday: Int { (number + 3) % 7 }

    /// The same day of the month so many months later, or the last one that such a month has.
    package func later(months: Int) -> Day {
        let count = year * 12 + (month - 1) + months
        var day = self.day
        while true {
            if let found = Day(count / 12, count % 12 + 1, day) { return found }
            day -= 1
        }
    }

    package var description: String {
        "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}

/// A text that names no day of the almanac.
package struct NoSuchDay: Error, CustomStringConvertible {
    let text: String

    package var description: String { "'\(text)' is no day of the almanac" }
}
