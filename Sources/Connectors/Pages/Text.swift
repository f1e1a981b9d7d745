import Glibc

/// The bytes that have a meaning in CSV or JSON.
enum Byte {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
}

extension UnsafeBufferPointer<UInt8> {
    /// The offset of the first `byte` at or after `start`, or nil.
    package func firstOffset(of byte: UInt8, from start: Int = 0) -> Int? {
        guard let baseAddress, start < count,
            let hit = memchr(baseAddress + start, Int32(byte), count - start)
        else { return nil }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(baseAddress)
    }

    /// How many times `byte` occurs.
    func occurrences(of byte: UInt8) -> Int {
        var total = 0
        var next = firstOffset(of: byte)
        while let hit = next {
            total += 1
            next = firstOffset(of: byte, from: hit + 1)
        }
        return total
    }

    /// What keeps these bytes from being text that a database can store, or nil.
    ///
    /// Nearly every row is ASCII, and eight of its bytes are judged at once.
    package func firstTextFault() -> TextFault? {
        guard !isPlainASCII else { return nil }
        // Invalid UTF-8 precedes NUL in the order of reasons, wherever either stands.
        if let offset = firstInvalidUTF8() { return TextFault(offset: offset, isNUL: false) }
        if let offset = firstOffset(of: 0) { return TextFault(offset: offset, isNUL: true) }
        return nil
    }

    /// Whether every byte lies in 0x01 … 0x7F. May say false for such bytes too (the slow path then decides), never true
    /// for others.
    private var isPlainASCII: Bool {
        guard let baseAddress else { return true }
        let raw = UnsafeRawPointer(baseAddress)
        let high: UInt64 = 0x8080_8080_8080_8080
        let ones: UInt64 = 0x0101_0101_0101_0101
        var suspicious: UInt64 = 0
        var offset = 0
        while offset + 8 <= count {
            let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            // A byte of zero borrows from its high bit; the wrapping is the point.
            suspicious |= (word | (word &- ones)) & high
            offset += 8
        }
        var isPlain = suspicious == 0
        while offset < count {
            if baseAddress[offset] == 0 || baseAddress[offset] >= 0x80 { isPlain = false }
            offset += 1
        }
        return isPlain
    }

    /// The offset of the first byte that does not continue well-formed UTF-8 (The Unicode Standard, table 3-7): at a
    /// malformed character its first byte.
    package func firstInvalidUTF8() -> Int? {
        var offset = 0
        while offset < count {
            let lead = self[offset]
            var second: ClosedRange<UInt8> = 0x80...0xBF
            let length: Int
            switch lead {
            case 0x00...0x7F:
                offset += 1
                continue
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: length = 4
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: return offset
            }
            guard offset + length <= count, second.contains(self[offset + 1]) else { return offset }
            for following in 2..<Swift.max(2, length) where self[offset + following] & 0b1100_0000 != 0b1000_0000 {
                return offset
            }
            offset += length
        }
        return nil
    }

    /// The character at `offset` in words, for messages: one character, never more of the row.
    package func describe(at offset: Int) -> String {
        guard offset < count else { return "the end of the line" }
        let rest = UnsafeBufferPointer(rebasing: self[offset..<Swift.min(count, offset + 4)])
        guard let scalar = String(decoding: rest, as: UTF8.self).unicodeScalars.first, scalar != "\u{FFFD}" else {
            return "the byte 0x\(String(self[offset], radix: 16, uppercase: true))"
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .unassigned, .privateUse, .spaceSeparator, .lineSeparator, .paragraphSeparator:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "the character U+\(String(repeating: "0", count: Swift.max(0, 4 - digits.count)))\(digits)"
        default:
            return "'\(scalar)'"
        }
    }
}

/// The first byte that is not storable text.
package struct TextFault {
    package let offset: Int
    /// A NUL; otherwise not UTF-8.
    package let isNUL: Bool
}
