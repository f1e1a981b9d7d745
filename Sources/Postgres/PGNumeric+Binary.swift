/// The binary form, of `numeric_send` in PostgreSQL's `numeric.c`: four words of 16 bits (the count of digits, the weight of
/// the first, the sign, the decimal digits after the point), then digits in base 10,000, most significant first. The digit
/// at index i counts 10,000 ^ (weight - i); zeros at either end are left out.
extension PGNumeric {
    private enum Sign {
        static let negative: UInt16 = 0x4000
        static let nan: UInt16 = 0xC000
        static let positiveInfinity: UInt16 = 0xD000
        static let negativeInfinity: UInt16 = 0xF000
    }

    init(binary bytes: UnsafeRawBufferPointer) throws(DecodingReason) {
        var reader = BigEndianReader(bytes)
        let count = Int(try reader.integer(UInt16.self))
        let weight = Int(try reader.integer(Int16.self))
        let sign = try reader.integer(UInt16.self)
        let scale = Int(try reader.integer(UInt16.self))
        guard reader.remaining == count * 2 else { throw .malformed }

        switch sign {
        case 0, Sign.negative: break
        case Sign.nan: self.init(canonical: "NaN"); return
        case Sign.positiveInfinity: self.init(canonical: "Infinity"); return
        case Sign.negativeInfinity: self.init(canonical: "-Infinity"); return
        default: throw .malformed
        }

        var groups: [UInt16] = []
        groups.reserveCapacity(count)
        for _ in 0..<count {
            let group = try reader.integer(UInt16.self)
            guard group < 10_000 else { throw .malformed }
            groups.append(group)
        }
        // Digits of the whole number, one after the other, from the group of weight `first` down to the last one needed for
        // the scale; what the groups leave out is zero.
        let first = max(weight, 0)
        let fractionGroups = (scale + 3) / 4
        var digits: [UInt8] = []
        digits.reserveCapacity((first + 1 + fractionGroups) * 4)
        for power in stride(from: first, through: -fractionGroups, by: -1) {
            let index = weight - power
            var group = index >= 0 && index < groups.count ? groups[index] : 0
            for divisor: UInt16 in [1000, 100, 10, 1] {
                digits.append(UInt8(ascii: "0") + UInt8(group / divisor))
                group %= divisor
            }
        }
        // A digit beyond the scale would be lost in silence.
        let integerDigits = (first + 1) * 4
        guard weight - (groups.count - 1) >= -fractionGroups || groups.isEmpty,
            digits[(integerDigits + scale)...].allSatisfy({ $0 == UInt8(ascii: "0") })
        else { throw .malformed }
        var text = [UInt8]()
        text.reserveCapacity(digits.count + 2)
        if sign == Sign.negative { text.append(UInt8(ascii: "-")) }
        text += digits[..<integerDigits]
        if scale > 0 {
            text.append(UInt8(ascii: "."))
            text += digits[integerDigits..<integerDigits + scale]
        }
        // The parser takes off the leading zeros, and a sign that a zero should not have.
        guard let value = PGNumeric(String(decoding: text, as: UTF8.self)) else { throw .outOfRange }
        self = value
    }

    /// The words of the binary form. Every text that a `PGNumeric` can hold fits: the initializer keeps to the type's limits.
    var binaryWords: [UInt16] {
        switch text {
        case "NaN": return [0, 0, Sign.nan, 0]
        case "Infinity": return [0, 0, Sign.positiveInfinity, 0]
        case "-Infinity": return [0, 0, Sign.negativeInfinity, 0]
        default: break
        }
        var rest = Substring(text).utf8
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1)
        let integer = parts[0]
        let fraction = parts.count == 2 ? parts[1] : Substring().utf8

        var groups: [UInt16] = []
        var group: UInt16 = 0
        // The position in its group of the digit at hand: integers are filled up from the left, fractions from the right.
        var position = (4 - integer.count % 4) % 4
        func push(_ digit: UInt8) {
            group = group * 10 + UInt16(digit - UInt8(ascii: "0"))
            position += 1
            if position == 4 {
                groups.append(group)
                group = 0
                position = 0
            }
        }
        integer.forEach(push)
        var weight = groups.count - 1
        fraction.forEach(push)
        while position != 0 { push(UInt8(ascii: "0")) }

        let leading = groups.prefix { $0 == 0 }.count
        groups.removeFirst(leading)
        weight -= leading
        while groups.last == 0 { groups.removeLast() }
        if groups.isEmpty { weight = 0 }
        let header = [
            UInt16(truncatingIfNeeded: groups.count), UInt16(bitPattern: Int16(truncatingIfNeeded: weight)),
            isNegative ? Sign.negative : 0, UInt16(truncatingIfNeeded: fraction.count),
        ]
        return header + groups
    }
}
