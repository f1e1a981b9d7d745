/// The rules for reading one field of a delivered row. Each returns the value, or the first reason against it.
package enum FieldText {
    /// Longest key or name, in bytes of UTF-8: what the store's keys hold.
    package static let longestKey = 200
    /// The largest quantity of one reading: a trillion a day is no count of anything that is sold.
    package static let largestQuantity: Int64 = 1_000_000_000_000
    private static let firstDay = CivilDate(year: 1990, month: 1, day: 1) ?? .earliest
    private static let lastDay = CivilDate(year: 2199, month: 12, day: 31) ?? .latest

    /// A key or a name: not empty, no control characters, no white space around it, at most 200 bytes.
    package static func key(_ bytes: UnsafeRawBufferPointer?) throws(RejectReason) -> String {
        let bytes = try present(bytes)
        guard bytes.count <= longestKey else { throw .fieldTooLong }
        let text = String(decoding: bytes, as: UTF8.self)
        var hasNonASCII = false
        for byte in bytes {
            if byte < 0x20 || byte == 0x7F { throw .controlCharacter }
            if byte >= 0x80 { hasNonASCII = true }
        }
        if hasNonASCII, text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw .controlCharacter
        }
        if text.first?.isWhitespace == true || text.last?.isWhitespace == true { throw .surroundingSpace }
        return text
    }

    /// `YYYY-MM-DD` between 1990 and 2199.
    package static func day(_ bytes: UnsafeRawBufferPointer?) throws(RejectReason) -> CivilDate {
        let bytes = try present(bytes)
        if isSpace(bytes[0]) || isSpace(bytes[bytes.count - 1]) { throw .surroundingSpace }
        guard let day = CivilDate(utf8: bytes) else { throw .invalidDate }
        guard firstDay <= day, day <= lastDay else { throw .dateOutOfRange }
        return day
    }

    /// The number of a day in its month, from 1 to 31.
    package static func dayOfMonth(_ bytes: UnsafeRawBufferPointer?) throws(RejectReason) -> Int {
        let bytes = try present(bytes)
        if isSpace(bytes[0]) || isSpace(bytes[bytes.count - 1]) { throw .surroundingSpace }
        guard bytes.count <= 2, bytes.allSatisfy({ (48...57).contains($0) }),
            let day = Int(String(decoding: bytes, as: UTF8.self)), (1...31).contains(day)
        else { throw .invalidBillingDay }
        return day
    }

    /// A whole number from 0 to a trillion, in plain digits. A number that only looks whole in another notation (`1e3`,
    /// `12.0`, `1,000`) is refused: which count was meant is not for Meterbook to guess.
    package static func quantity(_ bytes: UnsafeRawBufferPointer?) throws(RejectReason) -> Int64 {
        let bytes = try present(bytes)
        if isSpace(bytes[0]) || isSpace(bytes[bytes.count - 1]) { throw .surroundingSpace }
        let isNegative = bytes[0] == UInt8(ascii: "-")
        let digits = isNegative ? UnsafeRawBufferPointer(rebasing: bytes[1...]) : bytes
        guard !digits.isEmpty else { throw .invalidNumber }
        var value: Int64 = 0
        for (index, byte) in digits.enumerated() {
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else {
                // 12.5 is a number, only not a whole one; 12.5.1 or 12x is none.
                let rest = digits[(index + 1)...]
                let isFraction =
                    byte == UInt8(ascii: ".") && index > 0 && !rest.isEmpty
                    && rest.allSatisfy { (48...57).contains($0) }
                throw isFraction ? .fractionalQuantity : .invalidNumber
            }
            if value <= largestQuantity { value = value * 10 + Int64(digit) }
        }
        if isNegative, value != 0 { throw .negativeQuantity }
        guard value <= largestQuantity else { throw .quantityOutOfRange }
        return value
    }

    private static func present(_ bytes: UnsafeRawBufferPointer?) throws(RejectReason) -> UnsafeRawBufferPointer {
        guard let bytes else { throw .missingField }
        guard !bytes.isEmpty else { throw .emptyField }
        return bytes
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
