import TestSupport

/// The calendar as tests reckon: a list of days, written down one after the other. Slow and plain, and none of the
/// program's own arithmetic.
enum Almanac {
    static let firstYear = 1990
    static let lastYear = 2035

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
struct Day: Hashable, Comparable, CustomStringConvertible {
    let year: Int
    let month: Int
    let day: Int
    /// Its place in the list.
    let number: Int

    fileprivate init(year: Int, month: Int, day: Int, number: Int) {
        (self.year, self.month, self.day, self.number) = (year, month, day, number)
    }

    init?(_ year: Int, _ month: Int, _ day: Int) {
        guard let found = Almanac.byName[year * 10_000 + month * 100 + day] else { return nil }
        self = found
    }

    /// A day as files write it: 1997-01-31.
    init(_ text: some StringProtocol) throws {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, let day = Day(parts[0], parts[1], parts[2]) else {
            throw TestFailure("'\(text)' is no day of the almanac")
        }
        self = day
    }

    static func < (left: Day, right: Day) -> Bool { left.number < right.number }
    static func == (left: Day, right: Day) -> Bool { left.number == right.number }

    func hash(into hasher: inout Hasher) { hasher.combine(number) }

    /// So many days later.
    static func + (day: Day, count: Int) -> Day { Almanac.days[day.number + count] }

    /// The same day of the month so many months later, or the last one that such a month has.
    func later(months: Int) -> Day {
        let count = year * 12 + (month - 1) + months
        var day = self.day
        while true {
            if let found = Day(count / 12, count % 12 + 1, day) { return found }
            day -= 1
        }
    }

    var description: String {
        "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}
