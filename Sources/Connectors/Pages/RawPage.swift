/// Some rows of one source: one flat buffer of bytes with offsets into it, so that a field costs no allocation until
/// somebody asks for its text.
///
/// Rows come in the order of the source. Row and field indexes outside `0 ..< rowCount` and the column map's fields are
/// a mistake of the caller and trap.
package struct RawPage: Sendable {
    /// The source as shown to people: a file's path as the user gave it, relative when it was given relative.
    package let origin: String
    /// The rows that could not be read, in the order of their lines; their lines lie between those of the rows.
    package var defects: [RowDefect]

    /// Constants first, then for each row its bytes in the source and after them those fields that had to be unquoted.
    let bytes: [UInt8]
    let rows: [Row]
    let slots: [Slot]
    let fieldCount: Int

    /// Where a row stands in `bytes`, without its line ending.
    struct Row {
        var offset: UInt32
        var length: UInt32
        var line: Int
    }

    /// Where a field's text stands in `bytes`.
    struct Slot {
        var offset: UInt32
        /// `none` for an absent or null field.
        var length: UInt32
        /// Where the field starts in `bytes` as it stood in the source; `none` for constants and absent fields.
        var source: UInt32

        static let none = UInt32.max
        static let absent = Slot(offset: 0, length: none, source: none)
    }

    package var rowCount: Int { rows.count }

    /// The 1-based physical line on which the row starts; line feeds inside quotes count.
    package func line(_ row: Int) -> Int { rows[row].line }

    /// Calls `body` with the field's bytes, which are valid UTF-8 without NUL, or with nil for an absent or null field.
    /// The bytes live as long as the call.
    package func withField<R>(_ row: Int, _ field: Int, _ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        let slot = slot(row, field)
        guard slot.length != Slot.none else { return try body(nil) }
        return try bytes.withUnsafeBytes { all in
            try body(UnsafeRawBufferPointer(rebasing: all[Int(slot.offset)..<Int(slot.offset) + Int(slot.length)]))
        }
    }

    /// The field's text, or nil for an absent or null field. An empty CSV field is empty text, not null: CSV has no null.
    package func text(_ row: Int, _ field: Int) -> String? {
        withField(row, field) { bytes in bytes.map { String(decoding: $0, as: UTF8.self) } }
    }

    /// The 1-based column where the field starts (a quoted field: at its quote), in characters (Unicode scalars) of its
    /// own physical line, for messages; 0 for constants and for fields that the row does not have.
    package func column(_ row: Int, _ field: Int) -> Int {
        position(row, field)?.column ?? 0
    }

    /// Where the field starts, or nil for constants and for fields that the row does not have. Its line differs from
    /// `line(_:)` when a quoted field before it holds line feeds.
    package func position(_ row: Int, _ field: Int) -> SourcePosition? {
        let slot = slot(row, field)
        guard slot.source != Slot.none else { return nil }
        return withRow(row) { text in
            SourcePosition(of: Int(slot.source) - Int(rows[row].offset), in: text, startingAt: rows[row].line)
        }
    }

    /// The row as it stood in the source, without its line ending, cut to at most 2,000 bytes at a character boundary.
    ///
    /// So that it can be stored as text whatever the row holds, bytes that are not UTF-8 become U+FFFD and a NUL becomes
    /// the symbol for it, U+2400.
    package func rawText(_ row: Int) -> String {
        withRow(row) { RawText.cut($0) }
    }

    private func slot(_ row: Int, _ field: Int) -> Slot {
        precondition(field >= 0 && field < fieldCount, "field index outside the column map")
        return slots[row * fieldCount + field]
    }

    private func withRow<R>(_ row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let place = rows[row]
        return bytes.withUnsafeBufferPointer { all in
            body(UnsafeBufferPointer(rebasing: all[Int(place.offset)..<Int(place.offset) + Int(place.length)]))
        }
    }
}

/// How a source row is shown to people.
enum RawText {
    /// Long enough to recognize a row, short enough for a table of a million rejected ones.
    static let maxBytes = 2_000

    static func cut(_ row: UnsafeBufferPointer<UInt8>) -> String {
        var end = min(row.count, maxBytes)
        // A cut inside a character moves back to its first byte, three bytes at most: UTF-8 has no longer characters.
        if end < row.count {
            var start = end
            while start > 0, end - start < 3, row[start] & 0b1100_0000 == 0b1000_0000 { start -= 1 }
            if row[start] & 0b1100_0000 != 0b1000_0000 { end = start }
        }
        var shown = String(decoding: row.prefix(end), as: UTF8.self)
        if row.prefix(end).contains(0) {
            shown = String(String.UnicodeScalarView(shown.unicodeScalars.map { $0 == "\0" ? "\u{2400}" : $0 }))
        }
        // The replacement characters are longer than what they replace.
        var excess = shown.utf8.count - maxBytes
        while excess > 0, let last = shown.unicodeScalars.popLast() {
            excess -= UTF8.width(last)
        }
        return shown
    }
}
