/// One line of the log: when, how grave, what happened as a constant text, and the figures and names that go with it.
///
/// Whatever a value holds, the line stays one line: nothing in it ends it early, and nothing in it looks like another
/// field. What a terminal would obey instead of showing is escaped.
package struct LogLine: Sendable {
    package enum Value: Hashable, Sendable {
        case text(String)
        case number(Int64)
    }

    package enum Format: String, Hashable, Sendable, CaseIterable {
        /// `key=value` pairs: for people.
        case logfmt
        /// A JSON object: for programs that collect logs.
        case json
    }

    /// Microseconds since 1970-01-01 UTC.
    package var time: Int64
    package var level: String
    package var message: String
    /// In the order in which they are written; keys are names of ours.
    package var fields: [(key: String, value: Value)]

    package init(time: Int64, level: String, message: String, fields: [(key: String, value: Value)]) {
        self.time = time
        self.level = level
        self.message = message
        self.fields = fields
    }

    /// Longer texts are cut, in Unicode scalars: a line is for reading, and what is whole stands in the books.
    package static let longest = 2_000

    /// The line with its line feed.
    package func bytes(_ format: Format) -> [UInt8] {
        let head: [(key: String, value: Value)] = [
            ("time", .text(InstantText.precise(time))), ("level", .text(level)),
            (format == .json ? "message" : "msg", .text(message)),
        ]
        var bytes: [UInt8] = []
        for (key, value) in head + fields {
            switch format {
            case .logfmt:
                if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
                bytes += Self.isBare(key) ? Array(key.utf8) : Array("field".utf8)
                bytes.append(UInt8(ascii: "="))
                Self.append(value, to: &bytes, canBeBare: true)
            case .json:
                bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
                Self.appendQuoted(key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                Self.append(value, to: &bytes, canBeBare: false)
            }
        }
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private static func append(_ value: Value, to bytes: inout [UInt8], canBeBare: Bool) {
        switch value {
        case .number(let number): bytes += Array("\(number)".utf8)
        case .text(let text) where canBeBare && isBare(text): bytes += Array(text.utf8)
        case .text(let text): appendQuoted(text, to: &bytes)
        }
    }

    /// Whether a text needs no quotes in logfmt: visible ASCII, and nothing that has a meaning there.
    private static func isBare(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= longest
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"=\\".utf8.contains($0) }
    }

    /// A string of JSON (RFC 8259), which logfmt takes as well.
    private static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for (index, scalar) in text.unicodeScalars.enumerated() {
            guard index < longest else {
                bytes += Array("…".utf8)
                break
            }
            switch scalar {
            case "\"": bytes += Array("\\\"".utf8)
            case "\\": bytes += Array("\\\\".utf8)
            case "\n": bytes += Array("\\n".utf8)
            case "\r": bytes += Array("\\r".utf8)
            case "\t": bytes += Array("\\t".utf8)
            // Only the first plane has such characters, so four digits are enough.
            case _ where scalar.isUnsafeOnTerminal && scalar.value <= 0xFFFF:
                let digits = String(scalar.value, radix: 16)
                bytes += Array(("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8)
            default: bytes += Array(String(scalar).utf8)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
