/// A non-negative decimal number with up to twelve places, kept exactly: what a price is written as in a catalog.
///
/// The value is `units` × 10⁻¹². No floating point is involved anywhere between the catalog's text and the invoice.
package struct ExactDecimal: Hashable, Sendable {
    /// The number in units of 10⁻¹²; at most 10³⁰, so that a product with any tier's quantity is checked, not lost.
    package let units: Int128

    package static let places = 12
    /// Units in one whole: 10¹².
    package static let one: Int128 = 1_000_000_000_000
    /// Eighteen digits before the point are more than any price has.
    private static let longestWhole = 18

    package static let zero = ExactDecimal(units: 0)

    init(units: Int128) {
        self.units = units
    }

    /// Why a text is no price.
    package enum Mistake: Error, Hashable, Sendable {
        case notADecimal
        case negative
        case tooManyPlaces
        case tooLarge
    }

    /// Reads plain decimal text: digits, and optionally a point with digits after it. No sign, exponent, separator,
    /// space or leading point: `0.10`, `12`, `0.000000000001`.
    package init(parsing text: some StringProtocol) throws(Mistake) {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes.removeFirst() }
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, parts.count == 1 || !parts[1].isEmpty,
            parts.allSatisfy({ $0.allSatisfy { (48...57).contains($0) } }),
            whole.count == 1 || whole.first != 48
        else { throw .notADecimal }
        guard !isNegative else { throw .negative }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        guard fraction.count <= Self.places else { throw .tooManyPlaces }
        guard whole.count <= Self.longestWhole else { throw .tooLarge }
        var units: Int128 = 0
        for digit in whole { units = units * 10 + Int128(digit - 48) }
        for place in 0..<Self.places {
            units = units * 10 + (place < fraction.count ? Int128(fraction[place] - 48) : 0)
        }
        self.units = units
    }

    /// The same number as an amount of money.
    package var exact: ExactAmount { ExactAmount(units: units, places: Self.places) }

    /// As whole minor units of a currency; nil when it has more places than the currency or does not fit 64 bits.
    package func minorUnits(in currency: Currency) -> Int64? {
        let divisor = Self.one / Int128(currency.minorUnits)
        let (minor, rest) = units.quotientAndRemainder(dividingBy: divisor)
        return rest == 0 ? Int64(exactly: minor) : nil
    }
}

extension ExactDecimal: CustomStringConvertible {
    /// The shortest text that reads back as the same number: `0.1`, `12`.
    package var description: String {
        let (whole, fraction) = units.quotientAndRemainder(dividingBy: Self.one)
        guard fraction != 0 else { return "\(whole)" }
        let digits = String(fraction)
        var text = String(repeating: "0", count: Self.places - digits.utf8.count) + digits
        while text.last == "0" { text.removeLast() }
        return "\(whole).\(text)"
    }
}
