/// An exact decimal of PostgreSQL's type `numeric`, as its text.
///
/// The text is the one that the server prints: no leading zeros, no plus sign, no exponent, no sign on a zero, and the scale
/// as it is: `1.50` and `1.5` are two values here, though the server's `=` holds between them. Besides numbers there are
/// `NaN`, `Infinity` and `-Infinity`, which the type holds unless a CHECK keeps them out; ask `isFinite`.
package struct PGNumeric: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// The type's limits: digits before and after the decimal point.
    static let integerDigitsLimit = 131_072
    static let fractionDigitsLimit = 16_383

    /// Reads `[+-]digits[.digits]`, `[+-].digits`, or one of the three special names exactly as above; nil for everything
    /// else (an exponent, blanks, no digit) and beyond the type's 131,072 digits before or 16,383 after the point.
    package init?(_ text: String) {
        switch text {
        case "NaN", "Infinity", "-Infinity":
            self.text = text
            return
        default: break
        }
        var rest = Substring(text).utf8
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let integer = parts[0].drop { $0 == UInt8(ascii: "0") }
        let fraction = parts.count == 2 ? parts[1] : Substring().utf8
        guard parts[0].count + fraction.count > 0,
            integer.allSatisfy(Self.isDigit), fraction.allSatisfy(Self.isDigit),
            integer.count <= Self.integerDigitsLimit, fraction.count <= Self.fractionDigitsLimit
        else { return nil }
        let isZero = integer.isEmpty && fraction.allSatisfy { $0 == UInt8(ascii: "0") }
        var canonical: [UInt8] = isNegative && !isZero ? [UInt8(ascii: "-")] : []
        if integer.isEmpty { canonical.append(UInt8(ascii: "0")) } else { canonical += integer }
        if !fraction.isEmpty {
            canonical.append(UInt8(ascii: "."))
            canonical += fraction
        }
        self.text = String(decoding: canonical, as: UTF8.self)
    }

    /// For text that is canonical already.
    init(canonical text: String) {
        self.text = text
    }

    /// A number, and not `NaN` or an infinity.
    package var isFinite: Bool {
        switch text {
        case "NaN", "Infinity", "-Infinity": false
        default: true
        }
    }

    package var description: String { text }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
