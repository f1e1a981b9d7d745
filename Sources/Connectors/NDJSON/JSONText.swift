/// The text that a JSON string with escapes stands for.
enum JSONText {
    /// Appends the UTF-8 of the string's inside (RFC 8259 section 7), which `JSONScanner` has found sound.
    static func unescape(_ text: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
        var from = 0
        while let backslash = text.firstOffset(of: Byte.backslash, from: from), backslash + 1 < text.count {
            bytes.append(contentsOf: text[from..<backslash])
            let letter = text[backslash + 1]
            from = backslash + 2
            switch letter {
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(Byte.lineFeed)
            case UInt8(ascii: "r"): bytes.append(Byte.carriageReturn)
            case UInt8(ascii: "t"): bytes.append(Byte.tab)
            case UInt8(ascii: "u"): from = appendScalar(of: text, at: backslash, into: &bytes)
            default: bytes.append(letter)
            }
        }
        if from < text.count { bytes.append(contentsOf: text[from...]) }
    }

    static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Appends the character of the `\uXXXX` at the offset, or of the surrogate pair there; returns what lies behind it.
    private static func appendScalar(
        of text: UnsafeBufferPointer<UInt8>, at offset: Int, into bytes: inout [UInt8]
    ) -> Int {
        let first = codeUnit(of: text, at: offset)
        if let scalar = Unicode.Scalar(first) {
            append(scalar, to: &bytes)
            return min(offset + 6, text.count)
        }
        let second = codeUnit(of: text, at: offset + 6)
        let pair = 0x10000 + (first & 0x3FF) << 10 + second & 0x3FF
        // The scanner lets no half pair through; the replacement character is there so that no input could trap.
        append(Unicode.Scalar(pair) ?? "\u{FFFD}", to: &bytes)
        return min(offset + 12, text.count)
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private static func codeUnit(of text: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt32 {
        guard offset + 6 <= text.count else { return 0xFFFD }
        return text[offset + 2..<offset + 6].reduce(0) { $0 << 4 | UInt32(hexadecimalValue($1) ?? 0) }
    }
}
