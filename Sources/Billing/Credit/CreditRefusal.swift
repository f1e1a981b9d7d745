/// Why no credit note is issued.
package enum CreditRefusal: Error, Hashable, Sendable {
    /// A draft is changed by what it is written from.
    case draft(String)
    /// Nobody owes a voided invoice.
    case voided(String)
    case unknownLine(Int16, lines: Int)
    case lineTwice(Int16)
    /// All of it was credited before.
    /// - Parameter line: nil for the whole invoice.
    case nothingLeft(line: Int16?)
    /// Minor units.
    case notLeft(line: Int16, asked: Int64, left: Int64)
    /// The currency has no coins for the amount, or it is too large.
    case notInCoins(String)
    /// The lines together come to nothing or to a charge.
    case raises
    case tooLarge

    package var code: String {
        switch self {
        case .draft: "draft"
        case .voided: "voided"
        case .unknownLine: "unknown_line"
        case .lineTwice: "line_twice"
        case .nothingLeft: "nothing_left"
        case .notLeft: "not_left"
        case .notInCoins: "not_in_coins"
        case .raises: "raises"
        case .tooLarge: "too_large"
        }
    }

    /// - Parameter currency: that of the invoice.
    package func description(in currency: Currency) -> String {
        switch self {
        case .draft(let name):
            "invoice '\(name)' is a draft, which no credit note can lower: void it, or finalize it first"
        case .voided(let name): "invoice '\(name)' was voided, so nothing of it is owed that could be credited"
        case .unknownLine(let line, let lines): "there is no line \(line); the invoice has \(lines)"
        case .lineTwice(let line): "line \(line) is named twice"
        case .nothingLeft(let line?): "line \(line) has no amount that was not credited before"
        case .nothingLeft(nil): "the invoice has no amount that was not credited before"
        case .notLeft(let line, let asked, let left):
            """
            line \(line): \(currency.format(asked)) cannot be credited; what is left of the line is \(currency.format(left)), \
            and a part is more than nothing
            """
        case .notInCoins(let text): "\(text) is no amount in \(currency.code), which has \(currency.exponent) places"
        case .raises:
            """
            these lines come to no credit: a credit note lowers what is owed. What is to be charged goes on the next invoice
            """
        case .tooLarge: "the amounts are too large to be added up"
        }
    }
}
