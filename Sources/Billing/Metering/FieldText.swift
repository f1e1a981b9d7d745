/// The rules for reading one field of a delivered row. Each returns the value, or the first reason against it.
package enum FieldText {
    /// Longest key or name, in bytes of UTF-8: what the store's keys hold.
    package static let longestKey = 200
    /// The largest quantity of one reading: a trillion a day is no count of anything that is sold.
    package static let largestQuantity: Int64 = 1_000_000_000_000
    static let firstDay = CivilDate(year: 1990, month: 1, day: 1) ?? .earliest
    static let lastDay = CivilDate(year: 2199, month: 12, day: 31) ?? .latest

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
        guard hasNonASCII else {
            // Nearly every key: what is white space but the space is a control character as well.
            if bytes[0] == 0x20 || bytes[bytes.count - 1] == 0x20 { throw .surroundingSpace }
            return text
        }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw .controlCharacter
        }
        if text.first?.isWhitespace == true || text.last?.isWhitespace == true { throw .surroundingSpace }
        return text
    }

    /// The same for a text that stands alone.
    package static func line(_ text: String) throws(RejectReason) -> String {
        var text = text
        var reason: RejectReason?
        text.withUTF8 { bytes in
            do throws(RejectReason) { _ = try key(UnsafeRawBufferPointer(bytes)) } catch { reason = error }
        }
        if let reason { throw reason }
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

    /// One mail address.
    package static func email(_ bytes: UnsafeRawBufferPointer?) throws(RejectReason) -> EmailAddress {
        let bytes = try present(bytes)
        guard let address = EmailAddress(String(decoding: bytes, as: UTF8.self)) else { throw .invalidEmail }
        return address
    }

    /// A whole number from 0 to a trillion, in plain digits.
    package static func quantity(_ bytes: UnsafeRawBufferPointer?) throws(RejectReason) -> Int64 {
        try quantity(bytes, places: 0)
    }

    /// A number from 0 to a trillion in plain digits, as a whole number of its smallest parts: `12.5` with two places is
    /// 1250. A number in another notation (`1e3`, `1,000`) or with more places than the meter has, be they zeros, is
    /// refused: which count was meant is not for Meterbook to guess.
    ///
    /// - Parameter places: how many decimal places the meter's readings may have, 0 to 6.
    package static func quantity(
        _ bytes: UnsafeRawBufferPointer?, places: Int
    ) throws(RejectReason) -> Int64 {
        let bytes = try present(bytes)
        if isSpace(bytes[0]) || isSpace(bytes[bytes.count - 1]) { throw .surroundingSpace }
        let isNegative = bytes[0] == UInt8(ascii: "-")
        let digits = isNegative ? UnsafeRawBufferPointer(rebasing: bytes[1...]) : bytes
        guard !digits.isEmpty else { throw .invalidNumber }
        let limit = UInt64(largestQuantity(places: places))
        // Ten times the limit still fits, so no digit can overflow.
        var value: UInt64 = 0
        var point: Int?
        for (index, byte) in digits.enumerated() {
            let digit = byte &- UInt8(ascii: "0")
            if byte == UInt8(ascii: "."), point == nil, index > 0, index + 1 < digits.count {
                point = index
                continue
            }
            guard digit <= 9 else { throw .invalidNumber }
            // What stands behind the places is not added up, and the number is refused below.
            guard index - (point ?? index) <= places else { continue }
            if value <= limit { value = value * 10 + UInt64(digit) }
        }
        let found = point.map { digits.count - $0 - 1 } ?? 0
        guard found <= places else { throw .fractionalQuantity }
        for _ in found..<places where value <= limit { value *= 10 }
        if isNegative, value != 0 { throw .negativeQuantity }
        guard value <= limit, let quantity = Int64(exactly: value) else { throw .quantityOutOfRange }
        return quantity
    }

    /// The same limit in the smallest parts of a meter with so many decimal places, 0 to 6.
    package static func largestQuantity(places: Int) -> Int64 {
        Int64(clamping: UInt64(largestQuantity) * parts(places))
    }

    /// The smallest parts in one whole: a power of ten, at most a million.
    private static func parts(_ places: Int) -> UInt64 {
        var parts: UInt64 = 1
        for _ in 0..<places { parts *= 10 }
        return parts
    }

    static func present(_ bytes: UnsafeRawBufferPointer?) throws(RejectReason) -> UnsafeRawBufferPointer {
        guard let bytes else { throw .missingField }
        guard !bytes.isEmpty else { throw .emptyField }
        return bytes
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
