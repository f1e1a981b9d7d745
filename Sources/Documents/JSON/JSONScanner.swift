/// Reads JSON that exists as text already (the summaries of the journal): to embed it, and to show it to people.
///
/// It checks the whole grammar of RFC 8259 and copies everything but the white space between tokens; numbers and strings
/// keep their spelling. It is small because nothing has to be decoded but what is shown.
package struct JSONScanner {
    /// Deeper nesting than this is refused: nothing of ours is deeper, and hostile text must not exhaust the stack.
    private static let deepest = 64

    private let text: [UInt8]
    private var index = 0
    private var output: [UInt8] = []
    /// Where the members of the outermost object stand in the output.
    private var members: [(key: Range<Int>, value: Range<Int>)] = []
    /// Where the elements of the outermost array stand.
    private var elements: [Range<Int>] = []

    private init(_ text: String) {
        self.text = Array(text.utf8)
    }

    /// The same JSON without white space; nil when the text is no JSON.
    static func compact(_ text: String) -> [UInt8]? {
        var scanner = JSONScanner(text)
        return scanner.scanAll() ? scanner.output : nil
    }

    /// The members of an object as keys and values for people: strings without quotes, nested values as compact JSON.
    /// Nil when the text is no JSON object.
    ///
    /// - Parameter asWritten: whether what is escaped in a string stays so.
    package static func members(of text: String, asWritten: Bool = false) -> [(key: String, value: String)]? {
        var scanner = JSONScanner(text)
        guard scanner.scanAll(), scanner.output.first == UInt8(ascii: "{") else { return nil }
        return scanner.members.map { key, value in
            (scanner.show(key), asWritten ? scanner.content(value) : scanner.show(value))
        }
    }

    /// The elements of an array as compact JSON. Nil when the text is no JSON array.
    static func elements(of text: String) -> [String]? {
        var scanner = JSONScanner(text)
        guard scanner.scanAll(), scanner.output.first == UInt8(ascii: "[") else { return nil }
        return scanner.elements.map { String(decoding: scanner.output[$0], as: UTF8.self) }
    }

    /// A part of the output without the quotes around a string.
    private func content(_ range: Range<Int>) -> String {
        let isString = output[range.lowerBound] == UInt8(ascii: "\"")
        return String(decoding: isString ? output[range].dropFirst().dropLast() : output[range], as: UTF8.self)
    }

    // MARK: Grammar

    private mutating func scanAll() -> Bool {
        skipSpace()
        guard scanValue(depth: 0) else { return false }
        skipSpace()
        return index == text.count
    }

    private var next: UInt8? { index < text.count ? text[index] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
    }

    private mutating func copy() {
        output.append(text[index])
        index += 1
    }

    private mutating func scan(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        copy()
        return true
    }

    private mutating func scanValue(depth: Int) -> Bool {
        guard depth < Self.deepest, let byte = next else { return false }
        switch byte {
        case UInt8(ascii: "{"): return scanObject(depth: depth)
        case UInt8(ascii: "["): return scanArray(depth: depth)
        case UInt8(ascii: "\""): return scanString()
        case UInt8(ascii: "t"): return scanWord("true")
        case UInt8(ascii: "f"): return scanWord("false")
        case UInt8(ascii: "n"): return scanWord("null")
        default: return scanNumber()
        }
    }

    private mutating func scanObject(depth: Int) -> Bool {
        copy()
        skipSpace()
        if scan("}") { return true }
        repeat {
            skipSpace()
            let key = output.count
            guard scanString() else { return false }
            let keyEnd = output.count
            skipSpace()
            guard scan(":") else { return false }
            skipSpace()
            let value = output.count
            guard scanValue(depth: depth + 1) else { return false }
            if depth == 0 { members.append((key..<keyEnd, value..<output.count)) }
            skipSpace()
        } while scan(",")
        return scan("}")
    }

    private mutating func scanArray(depth: Int) -> Bool {
        copy()
        skipSpace()
        if scan("]") { return true }
        repeat {
            skipSpace()
            let element = output.count
            guard scanValue(depth: depth + 1) else { return false }
            if depth == 0 { elements.append(element..<output.count) }
            skipSpace()
        } while scan(",")
        return scan("]")
    }

    private mutating func scanString() -> Bool {
        guard scan("\"") else { return false }
        while let byte = next, byte >= 0x20 {
            copy()
            if byte == UInt8(ascii: "\"") { return true }
            guard byte == UInt8(ascii: "\\") else { continue }
            guard let escaped = next else { return false }
            copy()
            switch Unicode.Scalar(escaped) {
            case "\"", "\\", "/", "b", "f", "n", "r", "t": continue
            case "u":
                for _ in 0..<4 {
                    guard let digit = next, Self.hex(digit) != nil else { return false }
                    copy()
                }
            default: return false
            }
        }
        return false
    }

    private mutating func scanWord(_ word: StaticString) -> Bool {
        word.withUTF8Buffer { expected in
            for byte in expected {
                guard next == byte else { return false }
                copy()
            }
            return true
        }
    }

    private mutating func scanNumber() -> Bool {
        _ = scan("-")
        if !scan("0") {
            guard scanDigits() else { return false }
        }
        if scan(".") {
            guard scanDigits() else { return false }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            copy()
            if !scan("+") { _ = scan("-") }
            guard scanDigits() else { return false }
        }
        return true
    }

    private mutating func scanDigits() -> Bool {
        let start = index
        while let byte = next, (48...57).contains(byte) { copy() }
        return index > start
    }

    // MARK: Showing

    private static func hex(_ byte: UInt8) -> UInt16? {
        switch byte {
        case 48...57: UInt16(byte) - 48
        case 65...70: UInt16(byte) - 55
        case 97...102: UInt16(byte) - 87
        default: nil
        }
    }

    /// A part of the output: the content of a string, and anything else as it stands.
    private func show(_ range: Range<Int>) -> String {
        guard output[range.lowerBound] == UInt8(ascii: "\"") else {
            return String(decoding: output[range], as: UTF8.self)
        }
        // Through UTF-16, in which \u pairs are written; half a pair becomes U+FFFD.
        var units: [UInt16] = []
        var plain: [UInt8] = []
        var index = range.lowerBound + 1
        while index < range.upperBound - 1 {
            guard output[index] == UInt8(ascii: "\\") else {
                plain.append(output[index])
                index += 1
                continue
            }
            units.append(contentsOf: String(decoding: plain, as: UTF8.self).utf16)
            plain.removeAll()
            let escaped = output[index + 1]
            index += 2
            switch Unicode.Scalar(escaped) {
            case "b": units.append(0x08)
            case "f": units.append(0x0C)
            case "n": units.append(0x0A)
            case "r": units.append(0x0D)
            case "t": units.append(0x09)
            case "u":
                units.append(output[index..<index + 4].reduce(0) { $0 << 4 | (Self.hex($1) ?? 0) })
                index += 4
            default: units.append(UInt16(escaped))
            }
        }
        units.append(contentsOf: String(decoding: plain, as: UTF8.self).utf16)
        return String(decoding: units, as: UTF16.self)
    }
}
