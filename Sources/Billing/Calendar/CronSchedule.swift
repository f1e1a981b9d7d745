/// When a job starts, in the five fields of a crontab: minute, hour, day of the month, month, day of the week (POSIX,
/// crontab; with steps and names as every cron has them).
///
/// A day of the month beside a day of the week is refused: cron takes either of them, systemd only what is both.
package struct CronSchedule: Hashable, Sendable {
    /// One field: `any`, or the values that it allows, ascending.
    private enum Field: Hashable, Sendable {
        case any
        case values([Int])
    }

    private struct Rule {
        let name: String
        let bounds: ClosedRange<Int>
        /// Words for the values from the first on.
        let words: [String]
    }

    private static let rules = [
        Rule(name: "minute", bounds: 0...59, words: []), Rule(name: "hour", bounds: 0...23, words: []),
        Rule(name: "day of the month", bounds: 1...31, words: []),
        Rule(
            name: "month", bounds: 1...12,
            words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        // Sunday is 0 and 7.
        Rule(name: "day of the week", bounds: 0...7, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    /// What is wrong with a text that is no schedule.
    package enum Mistake: Error, Hashable, Sendable {
        case fieldCount(Int)
        /// - Parameter name: which of the fields.
        case badField(String, name: String, bounds: ClosedRange<Int>)
        case bothDays
        /// Such as February 30th.
        case neverComes
    }

    /// As it was written, with single spaces.
    package let text: String
    private let fields: [Field]

    package init(_ text: String) throws(Mistake) {
        let parts = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard parts.count == Self.rules.count else { throw .fieldCount(parts.count) }
        var fields: [Field] = []
        for (part, rule) in zip(parts, Self.rules) {
            guard let field = Self.field(part, rule) else {
                throw .badField(part, name: rule.name, bounds: rule.bounds)
            }
            fields.append(field)
        }
        self.fields = fields
        self.text = parts.joined(separator: " ")
        guard fields[2] == .any || fields[4] == .any else { throw .bothDays }
        guard hasDay else { throw .neverComes }
    }

    private static func field(_ text: String, _ rule: Rule) -> Field? {
        guard text != "*" else { return .any }
        var values: Set<Int> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 2, let range = range(parts[0], rule, isStepped: parts.count == 2) else { return nil }
            guard parts.count == 2 else {
                values.formUnion(range)
                continue
            }
            guard let step = number(parts[1]), step >= 1 else { return nil }
            values.formUnion(stride(from: range.lowerBound, through: range.upperBound, by: step))
        }
        // A week has seven days: 7 is Sunday, as 0.
        if rule.bounds.upperBound == 7, values.remove(7) != nil { values.insert(0) }
        let all = rule.bounds.upperBound == 7 ? 7 : rule.bounds.count
        return values.count == all ? .any : .values(values.sorted())
    }

    private static func range(_ text: Substring, _ rule: Rule, isStepped: Bool) -> ClosedRange<Int>? {
        // A star is all values, and of a week those from 0 to 6.
        if text == "*" { return rule.bounds.upperBound == 7 ? 0...6 : rule.bounds }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = value(ends[0], rule) else { return nil }
        guard ends.count == 2 else { return isStepped ? nil : first...first }
        guard let last = value(ends[1], rule), first <= last else { return nil }
        return first...last
    }

    private static func value(_ text: Substring, _ rule: Rule) -> Int? {
        if let word = rule.words.firstIndex(of: text.lowercased()) { return word + rule.bounds.lowerBound }
        return number(text).flatMap { rule.bounds.contains($0) ? $0 : nil }
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    /// Whether any month has one of the days.
    private var hasDay: Bool {
        guard case .values(let days) = fields[2], case .values(let months) = fields[3], let first = days.first else {
            return true
        }
        return months.contains { first <= Self.longest[$0 - 1] }
    }

    /// The days of the months in a leap year.
    private static let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    // MARK: systemd

    /// The same as systemd writes it (systemd.time(7)): `*-*-* 02:30:00`, `Mon..Fri *-*-* 00,12:00:00`.
    ///
    /// - Parameter zone: an IANA name; nil for that of the machine.
    package func onCalendar(zone: String?) -> String {
        func part(_ index: Int, _ format: (Int) -> String) -> String { Self.part(fields[index], format) }
        // 2 for Tuesday, written from Monday on.
        let week = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let days = part(4) { week[$0] }
        let date = "*-\(part(3, Self.twoDigits))-\(part(2, Self.twoDigits))"
        let time = "\(part(1, Self.twoDigits)):\(part(0, Self.twoDigits)):00"
        return [days == "*" ? nil : days, date, time, zone].compactMap(\.self).joined(separator: " ")
    }

    /// Values with runs of three and more as ranges; Sunday, which systemd takes for the last day, never stands in one.
    private static func part(_ field: Field, _ format: (Int) -> String) -> String {
        guard case .values(let values) = field else { return "*" }
        var parts: [String] = []
        var rest = values[...]
        while let first = rest.first {
            let isSunday = format(first) == "Sun"
            var last = first
            while !isSunday, rest.dropFirst(last - first + 1).first == last + 1 { last += 1 }
            let count = last - first + 1
            if count >= 3 {
                parts.append("\(format(first))..\(format(last))")
            } else {
                parts += (first...last).map(format)
            }
            rest = rest.dropFirst(count)
        }
        return parts.joined(separator: ",")
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
