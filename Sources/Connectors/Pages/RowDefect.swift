package import Billing

/// A row that could not be read as a row: where, why, and the row itself, for a person to repair.
package struct RowDefect: Sendable, Hashable {
    /// The 1-based physical line of the broken place.
    package let line: Int
    /// The 1-based column of the broken place in that line, in characters (Unicode scalars), not bytes.
    package let column: Int
    package let reason: RejectReason
    /// Our name of the field, when the defect lies in one wanted field.
    package let field: String?
    /// What stands there, in words, such as `5 fields`. At most one character of the row is quoted.
    package let found: String
    /// What should stand there, in words, such as `4 fields, as in the header`.
    package let expected: String
    /// The row as it stood in the source, under the rules of `RawPage.rawText(_:)`.
    package let rawText: String

    package init(
        line: Int, column: Int, reason: RejectReason, field: String?, found: String, expected: String, rawText: String
    ) {
        self.line = line
        self.column = column
        self.reason = reason
        self.field = field
        self.found = found
        self.expected = expected
        self.rawText = rawText
    }
}

/// A place in a source: a 1-based physical line and a 1-based column in characters (Unicode scalars).
package struct SourcePosition: Sendable, Hashable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The position of the byte at `offset` of text that starts at the beginning of physical line `line`.
    init(of offset: Int, in text: UnsafeBufferPointer<UInt8>, startingAt line: Int) {
        var newlines = 0
        var scalars = 0
        for byte in text.prefix(offset) {
            if byte == Byte.lineFeed {
                newlines += 1
                scalars = 0
            } else if byte & 0b1100_0000 != 0b1000_0000 {
                // Continuation bytes belong to the character before them.
                scalars += 1
            }
        }
        self.init(line: line + newlines, column: scalars + 1)
    }
}
