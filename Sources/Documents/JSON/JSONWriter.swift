/// Writes JSON (RFC 8259) as bytes: members in the order in which they are written, so that the same values are always
/// the same bytes.
///
/// The conventions of every JSON document of Meterbook:
///
/// - the first member is `schema`, a name and a version;
/// - a sum of money is a string with exactly the currency's places (`"27.30"`, `"500"` for yen), never a number, because
///   most readers turn numbers into binary floating point; a count is a number, written exactly;
/// - a day is `YYYY-MM-DD`, a period `{"start", "end"}` and half-open as everywhere in the program;
/// - a member without a value is left out: `null` is never written;
/// - a document ends with one line feed.
package struct JSONWriter: Sendable {
    package enum Style: Hashable, Sendable {
        /// One line, without spaces: for other programs and for NDJSON.
        case compact
        /// Indented by two spaces: for people.
        case pretty
    }

    package private(set) var bytes: [UInt8] = []
    private let style: Style
    private var depth = 0
    /// Whether something stands already in the object or array that is open.
    private var needsComma = false

    package init(_ style: Style) {
        self.style = style
    }

    // MARK: Documents

    /// Appends one document to `bytes`: an object that begins with its schema, and a line feed.
    package static func append(
        _ schema: StaticString, _ style: Style, to bytes: inout [UInt8], members: (inout JSONWriter) -> Void
    ) {
        var writer = JSONWriter(style)
        // Swapped in and out, so that the caller's buffer grows in place and is never copied.
        swap(&writer.bytes, &bytes)
        writer.object { writer in
            writer.member("schema", literal: schema)
            members(&writer)
        }
        writer.bytes.append(UInt8(ascii: "\n"))
        swap(&writer.bytes, &bytes)
    }

    /// One document as text.
    package static func document(
        _ schema: StaticString, _ style: Style, members: (inout JSONWriter) -> Void
    ) -> String {
        var bytes: [UInt8] = []
        append(schema, style, to: &bytes, members: members)
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Objects and arrays

    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        separate()
        container(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    package mutating func object(_ key: StaticString, _ members: (inout JSONWriter) -> Void) {
        begin(key)
        container(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    package mutating func array(_ key: StaticString, _ elements: (inout JSONWriter) -> Void) {
        begin(key)
        container(UInt8(ascii: "["), UInt8(ascii: "]"), elements)
    }

    /// An array of objects, one for each value.
    package mutating func array<Value>(
        _ key: StaticString, of values: some Sequence<Value>, _ members: (inout JSONWriter, Value) -> Void
    ) {
        array(key) { writer in
            for value in values { writer.object { members(&$0, value) } }
        }
    }

    // MARK: Members

    /// Text; nothing is written for nil.
    package mutating func member(_ key: StaticString, _ value: String?) {
        guard let value else { return }
        member(key) { $0.escape(value) }
    }

    /// A text of the program itself.
    package mutating func member(_ key: StaticString, literal value: StaticString) {
        member(key) { $0.append(value) }
    }

    /// A whole number, written exactly; nothing is written for nil.
    package mutating func member<Number: FixedWidthInteger>(_ key: StaticString, _ value: Number?) {
        guard let value else { return }
        begin(key)
        appendDigits(value)
    }

    /// An array of texts.
    package mutating func member(_ key: StaticString, _ values: [String]) {
        array(key) { writer in
            for value in values {
                writer.separate()
                writer.append(ascii: UInt8(ascii: "\""))
                writer.escape(value)
                writer.append(ascii: UInt8(ascii: "\""))
            }
        }
    }

    package mutating func member(_ key: StaticString, _ value: Bool) {
        begin(key)
        append(value ? "true" : "false")
    }

    /// JSON that exists as text already, embedded without its white space. A text that is no JSON becomes a string, so
    /// that one bad value never makes a document unreadable.
    package mutating func member(_ key: StaticString, json text: String?) {
        guard let text else { return }
        guard let compact = JSONScanner.compact(text) else { return member(key, text) }
        begin(key)
        bytes.append(contentsOf: compact)
    }

    /// A string that `content` appends to, between its quotes.
    mutating func member(_ key: StaticString, text content: (inout JSONWriter) -> Void) {
        begin(key)
        bytes.append(UInt8(ascii: "\""))
        content(&self)
        bytes.append(UInt8(ascii: "\""))
    }

    // MARK: Bytes

    /// Appends plain ASCII that needs no escaping.
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func append(ascii byte: UInt8) {
        bytes.append(byte)
    }

    /// Appends the digits of a number, with a minus sign where it is negative, and zeros in front up to `width` digits.
    mutating func appendDigits<Number: FixedWidthInteger>(_ value: Number, width: Int = 1) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = value.magnitude
        while rest > 0 || bytes.count - start < width {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
            rest = quotient
        }
        var (low, high) = (start, bytes.count - 1)
        while low < high {
            bytes.swapAt(low, high)
            low += 1
            high -= 1
        }
    }

    /// Appends text with everything escaped that must be (quotes, backslash, U+0000 to U+001F), and also DEL and the C1
    /// controls, which RFC 8259 lets pass but some terminals obey.
    mutating func escape(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            var index = 0
            while index < utf8.count {
                let byte = utf8[index]
                let length: Int
                if byte == 0xC2, index + 1 < utf8.count, utf8[index + 1] < 0xA0 {
                    length = 2
                } else if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F {
                    length = 1
                } else {
                    index += 1
                    continue
                }
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
                appendEscape(utf8[index + length - 1])
                index += length
                start = index
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
        }
    }

    /// - Parameter code: a code point below U+00A0.
    private mutating func appendEscape(_ code: UInt8) {
        switch code {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        default:
            append("\\u00")
            for digit in [code >> 4, code & 15] {
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }

    // MARK: Layout

    private mutating func begin(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(key)
        append(style == .pretty ? "\": " : "\":")
        needsComma = true
    }

    /// The comma after what stands before, and in pretty style the new line.
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
        if depth > 0 { breakLine() }
    }

    private mutating func container(_ open: UInt8, _ close: UInt8, _ content: (inout JSONWriter) -> Void) {
        bytes.append(open)
        depth += 1
        needsComma = false
        content(&self)
        depth -= 1
        if needsComma { breakLine() }
        bytes.append(close)
        needsComma = true
    }

    private mutating func breakLine() {
        guard style == .pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { append("  ") }
    }
}
