/// What is wrong with a line of JSON, at a byte of it.
package struct JSONFault: Error {
    package var offset: Int
    package var expected: StaticString
    /// Other than the character that stands there.
    package var found: StaticString?

    package init(offset: Int, expected: StaticString, found: StaticString? = nil) {
        self.offset = offset
        self.expected = expected
        self.found = found
    }
}

/// Checks one JSON text (RFC 8259), strictly, and finds the places of its parts.
///
/// It is our own because numbers have to keep their exact text: a parser that gives a Double for 0.1 has lost the
/// price. It builds nothing; strings and numbers stay where they are in the line.
package struct JSONScanner {
    package let bytes: UnsafeBufferPointer<UInt8>
    /// Levels of objects and arrays.
    let nesting: Int
    package private(set) var offset = 0

    package init(_ bytes: UnsafeBufferPointer<UInt8>, nesting: Int) {
        self.bytes = bytes
        self.nesting = nesting
    }

    package struct StringToken {
        /// Inside the quotes.
        package var start: Int
        package var end: Int
        package var hasEscapes: Bool
        /// Where the first `\u0000` stands.
        package var nul: Int?
    }

    package enum Value {
        case string(StringToken)
        case number(start: Int, end: Int)
        /// true or false.
        case boolean(start: Int, end: Int)
        case null
        case object
        case array

        /// What it is, for messages.
        package var words: String {
            switch self {
            case .string: "a string"
            case .number: "a number"
            case .boolean: "true or false"
            case .null: "null"
            case .object: "an object"
            case .array: "an array"
            }
        }
    }

    /// The byte at the offset, or nil at the end of the line.
    package var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// Section 2: space, tab, line feed, carriage return.
    package mutating func skipSpace() {
        while let byte = next,
            byte == Byte.space || byte == Byte.tab || byte == Byte.lineFeed || byte == Byte.carriageReturn
        {
            offset += 1
        }
    }

    /// Takes the byte if it is the next one.
    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    /// Passes so many bytes that the caller has found to be one whole value.
    package mutating func pass(_ count: Int) {
        offset = min(bytes.count, offset + max(0, count))
    }

    /// The text of a string of these bytes.
    package func text(_ token: StringToken) -> String {
        let inside = UnsafeBufferPointer(rebasing: bytes[token.start..<token.end])
        guard token.hasEscapes else { return String(decoding: inside, as: UTF8.self) }
        var unescaped: [UInt8] = []
        JSONText.unescape(inside, into: &unescaped)
        return String(decoding: unescaped, as: UTF8.self)
    }

    /// Scans the value at the offset, which lies inside `depth` objects and arrays.
    package mutating func value(depth: Int) throws(JSONFault) -> Value {
        let start = offset
        switch next {
        case UInt8(ascii: "\""):
            return .string(try string())
        case UInt8(ascii: "{"):
            try object(depth: depth + 1)
            return .object
        case UInt8(ascii: "["):
            try array(depth: depth + 1)
            return .array
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"):
            try number()
            return .number(start: start, end: offset)
        case UInt8(ascii: "t"):
            try literal("true")
            return .boolean(start: start, end: offset)
        case UInt8(ascii: "f"):
            try literal("false")
            return .boolean(start: start, end: offset)
        case UInt8(ascii: "n"):
            try literal("null")
            return .null
        default:
            throw JSONFault(offset: offset, expected: "a JSON value")
        }
    }

    /// Checks that an object or array at this depth, the row's own object being 1, is not nested too deep.
    private func check(depth: Int) throws(JSONFault) {
        guard depth <= nesting else {
            throw JSONFault(
                offset: offset, expected: "fewer levels of objects and arrays", found: "one level of nesting too many")
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) {
        try check(depth: depth)
        var key = try firstKey()
        while key != nil {
            _ = try value(depth: depth)
            key = try nextKey()
        }
    }

    /// Enters the object at the offset, up to its first value; nil for an empty object, which is then passed.
    package mutating func firstKey() throws(JSONFault) -> StringToken? {
        offset += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return nil }
        return try key(expected: "a key in quotes, or '}'")
    }

    /// Goes on from behind a value to the next one; nil at the object's end, which is then passed.
    package mutating func nextKey() throws(JSONFault) -> StringToken? {
        skipSpace()
        if take(UInt8(ascii: "}")) { return nil }
        guard take(UInt8(ascii: ",")) else { throw JSONFault(offset: offset, expected: "',' or '}'") }
        skipSpace()
        return try key(expected: "a key in quotes")
    }

    private mutating func key(expected: StaticString) throws(JSONFault) -> StringToken {
        guard next == Byte.quote else { throw JSONFault(offset: offset, expected: expected) }
        let key = try string()
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw JSONFault(offset: offset, expected: "':'") }
        skipSpace()
        return key
    }

    private mutating func array(depth: Int) throws(JSONFault) {
        try check(depth: depth)
        var hasElement = firstElement()
        while hasElement {
            _ = try value(depth: depth)
            hasElement = try nextElement()
        }
    }

    /// Enters the array at the offset, up to its first element; false for an empty array, which is then passed.
    mutating func firstElement() -> Bool {
        offset += 1
        skipSpace()
        return !take(UInt8(ascii: "]"))
    }

    /// Goes on from behind an element to the next one; false at the array's end, which is then passed.
    mutating func nextElement() throws(JSONFault) -> Bool {
        skipSpace()
        if take(UInt8(ascii: "]")) { return false }
        guard take(UInt8(ascii: ",")) else { throw JSONFault(offset: offset, expected: "',' or ']'") }
        skipSpace()
        return true
    }

    private mutating func literal(_ word: StaticString) throws(JSONFault) {
        let start = offset
        for index in 0..<word.utf8CodeUnitCount where !take(word.utf8Start[index]) {
            throw JSONFault(offset: start, expected: "a JSON value", found: "a word other than true, false and null")
        }
    }

    /// Section 6: `-? (0 | [1-9][0-9]*) (\. [0-9]+)? ([eE] [+-]? [0-9]+)?`. What follows is judged by the caller, which
    /// expects a comma or an end: so `01` fails at the 1.
    private mutating func number() throws(JSONFault) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            try digits()
        }
    }

    private mutating func digits() throws(JSONFault) {
        let start = offset
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { offset += 1 }
        guard offset > start else { throw JSONFault(offset: offset, expected: "a digit") }
    }

    /// Scans the string whose opening quote stands at the offset (section 7). The bytes are UTF-8 already.
    private mutating func string() throws(JSONFault) -> StringToken {
        offset += 1
        var token = StringToken(start: offset, end: offset, hasEscapes: false, nul: nil)
        while let byte = next {
            switch byte {
            case Byte.quote:
                token.end = offset
                offset += 1
                return token
            case Byte.backslash:
                token.hasEscapes = true
                let start = offset
                if try escape() == 0, token.nul == nil { token.nul = start }
            case 0..<Byte.space:
                throw JSONFault(offset: offset, expected: "control characters in strings as escapes")
            default:
                offset += 1
            }
        }
        throw JSONFault(offset: offset, expected: "a quote that closes the string")
    }

    /// Passes the escape at the offset. Returns its UTF-16 code unit, or nil for a short escape.
    private mutating func escape() throws(JSONFault) -> UInt16? {
        let start = offset
        offset += 1
        switch next {
        case UInt8(ascii: "u"):
            offset += 1
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 1
            return nil
        default:
            throw JSONFault(offset: offset, expected: "one of \" \\ / b f n r t u after a backslash")
        }
        let unit = try hexadecimal()
        guard UTF16.isSurrogate(unit) else { return unit }
        // Section 8.2: half a pair has no meaning, and no UTF-8.
        guard UTF16.isLeadSurrogate(unit), take(Byte.backslash), take(UInt8(ascii: "u")),
            UTF16.isTrailSurrogate(try hexadecimal())
        else {
            throw JSONFault(offset: start, expected: "both halves of a surrogate pair", found: "half a surrogate pair")
        }
        return unit
    }

    private mutating func hexadecimal() throws(JSONFault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap(JSONText.hexadecimalValue) else {
                throw JSONFault(offset: offset, expected: "four hexadecimal digits after \\u")
            }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }
}
