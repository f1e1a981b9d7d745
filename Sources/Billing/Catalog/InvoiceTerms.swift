/// When the vendor's invoices are given to customers, and how they are numbered.
package struct InvoiceTerms: Hashable, Sendable {
    /// When a draft gets its number; from then on nothing of it changes.
    package enum Finalization: Hashable, Sendable {
        /// By the run that wrote it.
        case atOnce
        /// So many days after its date, which is left to look at it.
        case after(days: Int)
        /// When a person says so.
        case byHand

        /// Reads `at_once`, `by_hand` or `5 days`; nil for anything else.
        package init?(_ text: String) {
            switch text {
            case "at_once": self = .atOnce
            case "by_hand": self = .byHand
            default:
                let words = text.split(separator: " ", omittingEmptySubsequences: false)
                guard words.count == 2, words[1] == "days" || words[1] == "day", words[0].allSatisfy(\.isNumber),
                    let days = Int(words[0]), (1...Self.mostDays).contains(days), (days == 1) == (words[1] == "day")
                else { return nil }
                self = .after(days: days)
            }
        }

        package static let mostDays = 366

        /// The days after an invoice's date; nil where none is enough.
        package var days: Int? {
            switch self {
            case .atOnce: 0
            case .after(let days): days
            case .byHand: nil
            }
        }
    }

    package var finalize: Finalization
    package var numbering: InvoiceNumbering
    /// What the numbers of credit notes look like. With the pattern of the invoices both share one series.
    package var creditNumbering: InvoiceNumbering
    /// Which drafts a person has to see first; nil for none.
    package var hold: Breaker?
    /// For how many months after its end a closed period takes late usage; nil for ever.
    package var retention: Int?

    /// Ten years.
    package static let longestRetention = 120

    /// What ended on or before this day takes no late usage any more; nil where everything does.
    package func cutoff(on day: CivilDate) -> CivilDate? { retention.flatMap { day.adding(months: -$0) } }

    package init(
        finalize: Finalization = .byHand, numbering: InvoiceNumbering = .standard,
        creditNumbering: InvoiceNumbering = .creditStandard, hold: Breaker? = nil,
        retention: Int? = nil
    ) {
        self.finalize = finalize
        self.numbering = numbering
        self.creditNumbering = creditNumbering
        self.hold = hold
        self.retention = retention
    }
}

extension InvoiceTerms.Finalization: CustomStringConvertible {
    /// The same words that are read.
    package var description: String {
        switch self {
        case .atOnce: "at_once"
        case .after(let days): "\(days) day\(days == 1 ? "" : "s")"
        case .byHand: "by_hand"
        }
    }
}

extension InvoiceTerms: CustomStringConvertible {
    /// `finalized 5 days after their date, numbered INV-{{year}}-{{number}} with 6 digits`
    package var description: String {
        let when =
            switch finalize {
            case .atOnce: "at once"
            case .after: "\(finalize) after their date"
            case .byHand: "by hand"
            }
        return "finalized \(when), numbered \(numbering.pattern) with \(numbering.digits) digits"
            + (creditNumbering.pattern == InvoiceNumbering.creditStandard.pattern
                ? "" : ", credit notes \(creditNumbering.pattern)")
            + (hold.map { ", held for \($0)" } ?? "")
            + (retention.map { ", corrected for \($0) month\($0 == 1 ? "" : "s")" } ?? "")
    }
}

/// What invoice numbers look like: `INV-{{year}}-{{number}}`. With the year in it they begin anew each year.
package struct InvoiceNumbering: Hashable, Sendable {
    /// A literal text around one `{{number}}` and at most one `{{year}}`.
    package let pattern: String
    /// How many digits the number has at least, 1 to 18.
    package let digits: Int

    /// `2026-000001`
    package static let standard = InvoiceNumbering(checked: "\(year)-\(number)", digits: 6)

    /// `CN-2026-000001`
    package static let creditStandard = InvoiceNumbering(checked: "CN-\(year)-\(number)", digits: 6)

    package static let longestPattern = 60
    package static let mostDigits = 18
    private static let year = "{{year}}"
    private static let number = "{{number}}"

    /// What is wrong with a pattern.
    package enum Flaw: Error, Hashable, Sendable {
        /// `{{number}}` does not stand in it exactly once.
        case number
        /// `{{year}}` stands in it more than once.
        case year
        /// A character that is no ASCII letter or digit, and none of ` -/._#`.
        case character(Character)
    }

    /// - Throws: the first flaw of a pattern.
    package init(_ pattern: String, digits: Int) throws(Flaw) {
        guard Self.count(Self.number, in: pattern) == 1 else { throw .number }
        guard Self.count(Self.year, in: pattern) <= 1 else { throw .year }
        let literal = Self.replacing(Self.year, by: "", in: Self.replacing(Self.number, by: "", in: pattern))
        let unprintable = literal.first { character in
            !(character.isASCII && (character.isLetter || character.isNumber || " -/._#".contains(character)))
        }
        if let unprintable { throw .character(unprintable) }
        self.init(checked: pattern, digits: digits)
    }

    private init(checked pattern: String, digits: Int) {
        self.pattern = pattern
        self.digits = digits
    }

    /// - Parameter digits: 1 to 18.
    package func with(digits: Int) -> InvoiceNumbering { InvoiceNumbering(checked: pattern, digits: digits) }

    package var restartsYearly: Bool { Self.count(Self.year, in: pattern) > 0 }

    /// The number as it is printed.
    package func label(_ number: Int64, year: Int) -> String {
        let counter = String(number)
        let padded = String(repeating: "0", count: max(0, digits - counter.count)) + counter
        return Self.replacing(Self.number, by: padded, in: Self.replacing(Self.year, by: String(year), in: pattern))
    }

    private static func count(_ tag: String, in text: String) -> Int {
        text.indices.count { text[$0...].hasPrefix(tag) }
    }

    private static func replacing(_ tag: String, by value: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let index = rest.indices.first(where: { rest[$0...].hasPrefix(tag) }) {
            result += rest[..<index] + value
            rest = rest[index...].dropFirst(tag.count)
        }
        return result + rest
    }
}
