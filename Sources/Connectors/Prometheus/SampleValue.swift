/// A sample's value, exactly as it is written: a multiple of 10⁻¹⁸. A counter is a binary fraction where it is kept, but what
/// the server writes has few digits, and their differences are exact.
struct SampleValue: Hashable, Comparable {
    /// Multiples of 10⁻¹⁸.
    private(set) var units: Int128

    static let places = 18
    static let zero = SampleValue(units: 0)
    /// Digits before the point.
    private static let mostDigits = 18

    private init(units: Int128) { self.units = units }

    /// Why a text is no value that can be counted with.
    struct Refusal: Error, Hashable {
        enum Kind: Hashable {
            case notFinite, malformed, negative, tooPrecise, tooLarge
            /// Of the day before, nothing at all is known.
            case unknownStart
        }

        let kind: Kind
        /// What stands there: a name, or in words.
        let found: String
    }

    /// - Parameter text: a number as Go or JSON writes it, also `1.5e+06`, or `NaN`, `+Inf`, `-Inf`.
    init(_ text: String) throws(Refusal) {
        guard !["NaN", "+Inf", "-Inf", "Inf"].contains(text) else { throw Refusal(kind: .notFinite, found: text) }
        let malformed = Refusal(kind: .malformed, found: "what is no number")
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let isExponent = { (byte: UInt8) in byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") }
        let mantissa = rest.prefix { !isExponent($0) }
        let parts = mantissa.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        var digits: [UInt8] = []
        for part in parts {
            guard !part.isEmpty, part.allSatisfy({ (48...57).contains($0) }) else { throw malformed }
            digits += part
        }
        guard (1...2).contains(parts.count), digits.count <= 400 else { throw malformed }
        var exponent = parts.count == 2 ? -parts[1].count : 0
        if mantissa.count < rest.count {
            let power = rest.dropFirst(mantissa.count + 1)
            guard let number = Int(Substring(power)), abs(number) <= 1_000 else { throw malformed }
            exponent += number
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        guard !significant.isEmpty else {
            self = .zero
            return
        }
        guard !isNegative else { throw Refusal(kind: .negative, found: "a counter below zero") }
        guard exponent >= -Self.places else {
            throw Refusal(kind: .tooPrecise, found: "more than \(Self.places) decimal places")
        }
        guard significant.count + exponent <= Self.mostDigits else {
            throw Refusal(kind: .tooLarge, found: "more than \(Self.mostDigits) digits before the point")
        }
        // Up to 36 digits: Int128 has 38.
        var units: Int128 = 0
        for digit in significant { units = units * 10 + Int128(digit - 48) }
        for _ in 0..<(exponent + Self.places) { units *= 10 }
        self.units = units
    }

    /// The sum, or nil when it has no room.
    func adding(_ other: SampleValue) -> SampleValue? {
        let (sum, overflow) = units.addingReportingOverflow(other.units)
        return overflow ? nil : SampleValue(units: sum)
    }

    /// How much a counter has counted from a value to this one: all of this one, where it began anew in between.
    func increase(since last: SampleValue) -> SampleValue {
        self < last ? self : SampleValue(units: units - last.units)
    }

    /// In decimal digits, without an exponent and without zeros at the end.
    var text: String {
        let one = Int128(1_000_000_000_000_000_000)
        let whole = "\(units / one)"
        var places = "\(one + units % one)".dropFirst()
        while places.last == "0" { places.removeLast() }
        return places.isEmpty ? whole : "\(whole).\(places)"
    }

    static func < (left: SampleValue, right: SampleValue) -> Bool { left.units < right.units }
}
