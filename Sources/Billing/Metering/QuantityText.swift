/// Reads a quantity that somebody has typed in, for a quote. (What sources deliver is read by `FieldText`, which is
/// stricter: a reading is one day's count, a quote's quantity a whole period's.)
package enum QuantityText {
    /// The largest quantity in whole units: a thousand million million, as in a catalog.
    package static let largest: Int64 = 1_000_000_000_000_000

    /// Why a text is no quantity.
    package enum Mistake: Error, Hashable, Sendable {
        case notANumber
        case negative
        /// A number with more decimal places than the meter has.
        case tooManyPlaces(limit: Int)
        case tooLarge
    }

    /// Reads digits, and for a meter with decimal places optionally a point with digits after it. No exponent, separator
    /// or space: which number was meant is not for Meterbook to guess.
    ///
    /// - Parameters:
    ///   - text: UTF-8.
    ///   - places: the decimal places of the meter's quantities; 12.5 of a meter with one place is returned as 125.
    package static func parse(_ text: some Sequence<UInt8>, places: Int) throws(Mistake) -> Int64 {
        var value: Int64 = 0
        var isTooLarge = false
        var isNegative = false
        // Digits since the point; nil before it.
        var fraction: Int?
        var digits = 0
        var last: UInt8 = 0
        func append(_ digit: Int64) {
            let (product, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) = product.addingReportingOverflow(digit)
            isTooLarge = isTooLarge || first || second
            value = isTooLarge ? .max : sum
        }
        for byte in text {
            last = byte
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                fraction = fraction.map { $0 + 1 }
                if fraction ?? 0 <= places { append(Int64(byte - UInt8(ascii: "0"))) }
            case UInt8(ascii: "-") where digits == 0 && !isNegative && fraction == nil: isNegative = true
            case UInt8(ascii: ".") where digits > 0 && fraction == nil: fraction = 0
            default: throw .notANumber
            }
        }
        guard digits > 0, last != UInt8(ascii: ".") else { throw .notANumber }
        guard fraction ?? 0 <= places else { throw .tooManyPlaces(limit: places) }
        for _ in (fraction ?? 0)..<max(fraction ?? 0, places) { append(0) }
        if isNegative, value != 0 { throw .negative }
        var limit = largest
        for _ in 0..<places { limit = limit.multipliedReportingOverflow(by: 10).overflow ? .max : limit * 10 }
        guard !isTooLarge, value <= limit else { throw .tooLarge }
        return value
    }
}
