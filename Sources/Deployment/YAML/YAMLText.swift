/// The first look at a file's bytes, before any of it is read as YAML: size, encoding and stray characters.
enum YAMLText {
    /// The largest file that is read: 4 MiB. A catalog of a thousand plans has about a tenth of it.
    static let longest = 4 << 20

    /// The bytes to parse, without a byte order mark; nil when they cannot be parsed, with the reasons reported.
    static func checked(_ bytes: [UInt8], _ report: YAMLReader) -> [UInt8]? {
        guard bytes.count <= longest else {
            report.add(.fileTooLong(bytes: bytes.count, limit: longest), at: .start)
            return nil
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        var position = YAMLPosition.start
        var previousWasReturn = false
        var index = 0
        while index < content.count {
            let byte = content[index]
            guard let (scalar, length) = scalar(in: content, at: index) else {
                // What follows a broken character cannot be told apart from it, so one report is enough.
                report.add(.invalidUTF8(byte: byte), at: position)
                return nil
            }
            index += length
            if scalar == "\n" || scalar == "\r" {
                if !(scalar == "\n" && previousWasReturn) {
                    position = YAMLPosition(line: position.line + 1, column: 1)
                }
            } else {
                if scalar != "\t", Quoting.isControl(scalar) {
                    report.add(.controlCharacter(scalar: scalar.value), at: position)
                }
                position.column += 1
            }
            previousWasReturn = scalar == "\r"
        }
        report.end = position
        return report.hasFindings ? nil : content
    }

    /// The character that starts at an index and how many bytes it has; nil where the bytes are not UTF-8.
    private static func scalar(in bytes: [UInt8], at index: Int) -> (Unicode.Scalar, Int)? {
        let first = bytes[index]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length =
            switch first {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        guard length > 0, index + length <= bytes.count else { return nil }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for byte in bytes[(index + 1)..<(index + length)] {
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        // Surrogates are no scalars; a longer form than needed is no UTF-8.
        guard let scalar = Unicode.Scalar(value), UTF8.width(scalar) == length else { return nil }
        return (scalar, length)
    }
}
