/// How often something recurs: a whole number of days or of months.
///
/// A week is seven days and a year twelve months; the two kinds never mix, because no number of days makes a month.
package enum Cadence: Hashable, Sendable {
    case days(Int)
    case months(Int)

    package static let day = Cadence.days(1)
    package static let week = Cadence.days(7)
    package static let month = Cadence.months(1)
    package static let quarter = Cadence.months(3)
    package static let halfYear = Cadence.months(6)
    package static let year = Cadence.months(12)

    /// The longest cadence that is accepted, so that no arithmetic on one can overflow: 100 years.
    package static let longestMonths = 1_200
    package static let longestDays = 36_600

    /// The words of the catalog, in the order in which they are listed to people.
    package static let words: [(word: String, cadence: Cadence)] = [
        ("day", .day), ("week", .week), ("month", .month), ("quarter", .quarter), ("half_year", .halfYear),
        ("year", .year),
    ]

    /// Reads `month`, `year` …, or a multiple such as `2 months`, `10 days`, `4 weeks`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        if let known = Self.words.first(where: { $0.word == text }) {
            self = known.cadence
            return
        }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]), count >= 2,
            parts[0].utf8.allSatisfy({ (48...57).contains($0) }),
            count <= Self.longestDays,
            let unit = Self.words.first(where: { "\($0.word)s" == parts[1] })?.cadence
        else { return nil }
        switch unit {
        case .days(let days): self = .days(days * count)
        case .months(let months): self = .months(months * count)
        }
        guard isWithinLimits else { return nil }
    }

    /// Reads a length of time, where one of something is also said with its number: `14 days`, `1 month`, `week`.
    package init?(length text: some StringProtocol) {
        let one = text.hasPrefix("1 ") ? Self.words.first { "1 \($0.word)" == text }?.cadence : nil
        guard let length = one ?? Cadence(text) else { return nil }
        self = length
    }

    private var isWithinLimits: Bool {
        switch self {
        case .days(let days): (1...Self.longestDays).contains(days)
        case .months(let months): (1...Self.longestMonths).contains(months)
        }
    }

    /// True when a whole number of `other` makes exactly one of this, so that their boundaries from one anchor coincide.
    package func isMultiple(of other: Cadence) -> Bool {
        switch (self, other) {
        case (.days(let long), .days(let short)), (.months(let long), .months(let short)):
            short > 0 && long >= short && long % short == 0
        default: false
        }
    }
}

extension Cadence: CustomStringConvertible {
    /// The same words that are read: `month`, `year`, `2 months`.
    package var description: String {
        if let known = Self.words.first(where: { $0.cadence == self }) { return known.word }
        switch self {
        case .days(let days): return days % 7 == 0 ? "\(days / 7) weeks" : "\(days) days"
        case .months(let months): return months % 12 == 0 ? "\(months / 12) years" : "\(months) months"
        }
    }
}
