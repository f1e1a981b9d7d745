/// One row of a binary COPY, as a view of the bytes that libpq holds. It lives only during the call that it is given to, which
/// is why it cannot be copied.
///
/// A binary COPY carries no types, only lengths. So a reader checks the length and NULL, and nothing more: an int4 read as a
/// date cannot be noticed. Write the casts into the COPY's SELECT.
package struct CopyRow: ~Copyable {
    /// Where a field's bytes lie after `base`; a length of -1 is NULL.
    @usableFromInline
    struct Span {
        @usableFromInline var offset: Int32
        @usableFromInline var length: Int32

        @usableFromInline
        init(offset: Int32, length: Int32) {
            self.offset = offset
            self.length = length
        }
    }

    @usableFromInline let statement: String
    @usableFromInline var base: UnsafeRawPointer
    @usableFromInline var spans: UnsafePointer<Span>
    package internal(set) var fieldCount: Int

    init(statement: String, base: UnsafeRawPointer, spans: UnsafePointer<Span>, fieldCount: Int) {
        self.statement = statement
        self.base = base
        self.spans = spans
        self.fieldCount = fieldCount
    }

    /// Whether a field (from 0) is NULL. A field that is not there is.
    @inlinable
    package func isNull(_ field: Int) -> Bool {
        field < 0 || field >= fieldCount || spans[field].length < 0
    }

    @inlinable
    package func bool(_ field: Int) throws(PostgresError) -> Bool {
        try fixed(field, UInt8.self, "Bool") != 0
    }

    @inlinable
    package func int16(_ field: Int) throws(PostgresError) -> Int16 {
        try fixed(field, Int16.self, "Int16")
    }

    @inlinable
    package func int32(_ field: Int) throws(PostgresError) -> Int32 {
        try fixed(field, Int32.self, "Int32")
    }

    @inlinable
    package func int64(_ field: Int) throws(PostgresError) -> Int64 {
        try fixed(field, Int64.self, "Int64")
    }

    @inlinable
    package func double(_ field: Int) throws(PostgresError) -> Double {
        Double(bitPattern: try fixed(field, UInt64.self, "Double"))
    }

    /// A date; an infinite one throws.
    @inlinable
    package func date(_ field: Int) throws(PostgresError) -> PGDate {
        guard let date = PGDate(daysSince2000: try fixed(field, Int32.self, "PGDate")) else {
            throw failure(field, "PGDate", .outOfRange)
        }
        return date
    }

    /// A timestamptz; an infinite one throws.
    @inlinable
    package func timestamp(_ field: Int) throws(PostgresError) -> PGTimestamp {
        let microseconds = try fixed(field, Int64.self, "PGTimestamp")
        guard let timestamp = PGTimestamp(microsecondsSince2000: microseconds) else {
            throw failure(field, "PGTimestamp", .outOfRange)
        }
        return timestamp
    }

    /// Text of any type whose binary form is its text: text, varchar, bpchar, json, an enum. Not jsonb, uuid.
    package func text(_ field: Int) throws(PostgresError) -> String {
        let bytes = try span(field, "String")
        do {
            return try String(utf8: bytes)
        } catch {
            throw failure(field, "String", error)
        }
    }

    package func bytes(_ field: Int) throws(PostgresError) -> [UInt8] {
        [UInt8](try span(field, "[UInt8]"))
    }

    package func numeric(_ field: Int) throws(PostgresError) -> PGNumeric {
        try decode(field, as: PGNumeric.self, type: TypeOID.numeric)
    }

    package func int64Array(_ field: Int) throws(PostgresError) -> [Int64] {
        try decode(field, as: [Int64].self, type: TypeOID.int8Array)
    }

    /// The field's bytes without a copy, valid only during `body`: to compare or hash a text that has been seen before.
    @inlinable
    package func withBytes<R>(_ field: Int, _ body: (UnsafeRawBufferPointer) -> R) throws(PostgresError) -> R {
        body(try span(field, "bytes"))
    }

    private func decode<T: PostgresDecodable>(
        _ field: Int, as: T.Type, type: UInt32
    ) throws(PostgresError) -> T {
        let bytes = try span(field, "\(T.self)")
        do {
            return try T.decode(ColumnValue(typeOID: type, bytes: bytes))
        } catch {
            throw failure(field, "\(T.self)", error)
        }
    }

    @inlinable
    @inline(__always)
    func fixed<T: FixedWidthInteger & BitwiseCopyable>(
        _ field: Int, _ type: T.Type, _ expected: StaticString
    ) throws(PostgresError) -> T {
        guard field >= 0, field < fieldCount, Int(spans[field].length) == MemoryLayout<T>.size else {
            throw mismatch(field, "\(expected)")
        }
        return T(bigEndian: base.loadUnaligned(fromByteOffset: Int(spans[field].offset), as: type))
    }

    @inlinable
    func span(_ field: Int, _ expected: String) throws(PostgresError) -> UnsafeRawBufferPointer {
        guard field >= 0, field < fieldCount, spans[field].length >= 0 else { throw mismatch(field, expected) }
        return UnsafeRawBufferPointer(start: base + Int(spans[field].offset), count: Int(spans[field].length))
    }

    /// Why a field is not of the length that was asked for.
    @usableFromInline
    @inline(never)
    func mismatch(_ field: Int, _ expected: String) -> PostgresError {
        guard field >= 0, field < fieldCount else { return failure(field, expected, .noSuchColumn) }
        return failure(field, expected, spans[field].length < 0 ? .unexpectedNull : .malformed)
    }

    @usableFromInline
    @inline(never)
    func failure(_ field: Int, _ expected: String, _ reason: DecodingReason) -> PostgresError {
        .decoding(
            DecodingFailure(
                statement: statement, column: field, columnName: nil, expected: expected, found: nil, reason: reason))
    }
}
