import Postgres
import Testing

@Suite("Values in binary form", .serialized)
struct ValueTests {
    let connection: Connection

    init() throws {
        connection = try Connection.toTestServer()
    }

    /// Sends a value, and expects it back as it was and as the server writes it.
    private func expectRoundTrip<T: PostgresEncodable & PostgresDecodable & Equatable>(
        _ value: T, _ text: String? = nil, location: SourceLocation = #_sourceLocation
    ) throws {
        let (back, written) = try #require(
            try connection.first("SELECT \(value), \(value)::text", as: T.self, String.self))
        #expect(back == value, sourceLocation: location)
        if let text { #expect(written == text, sourceLocation: location) }
    }

    private func expectNull<T: PostgresEncodable & PostgresDecodable & Equatable>(_ type: T.Type) throws {
        let null: T? = nil
        #expect(try connection.value("SELECT \(null)", as: T?.self) == nil, "\(T.self)")
        #expect(try connection.value("SELECT \(null) IS NULL", as: Bool.self))
        let error = postgresError { _ = try connection.first("SELECT \(null)", as: T.self) }
        guard case .decoding(let failure) = error else { return unexpected(error) }
        #expect(failure.reason == .unexpectedNull)
        #expect(failure.column == 0)
    }

    private func decodingReason<T: PostgresDecodable>(_ query: Query, as type: T.Type) -> DecodingReason? {
        let error = postgresError { _ = try connection.first(query, as: type) }
        guard case .decoding(let failure) = error else { return nil }
        return failure.reason
    }

    private func encodingReason(_ query: Query) -> EncodingReason? {
        let error = postgresError { _ = try connection.execute(query) }
        guard case .encoding(let failure) = error else { return nil }
        return failure.reason
    }

    @Test("NULL of every type comes back as nil, and as an error where no nil is possible")
    func nulls() throws {
        try expectNull(Bool.self)
        try expectNull(Int16.self)
        try expectNull(Int32.self)
        try expectNull(Int64.self)
        try expectNull(Int.self)
        try expectNull(Double.self)
        try expectNull(String.self)
        try expectNull([UInt8].self)
        try expectNull(PGDate.self)
        try expectNull(PGTimestamp.self)
        try expectNull(PGNumeric.self)
        try expectNull([Bool].self)
        try expectNull([Int16].self)
        try expectNull([Int32].self)
        try expectNull([Int64].self)
        try expectNull([Int].self)
        try expectNull([String].self)
        try expectNull([PGDate].self)
        try expectNull([Int64?].self)
        let untyped = Query(name: "untyped", text: "SELECT coalesce($1, 7)", nil)
        #expect(try connection.value(untyped, as: Int32.self) == 7)
    }

    @Test("Booleans, integers and floating point come back as they were, at their ends too")
    func scalars() throws {
        try expectRoundTrip(true, "true")
        try expectRoundTrip(false, "false")
        for value in [Int16.min, -1, 0, 1, .max] { try expectRoundTrip(value, "\(value)") }
        for value in [Int32.min, -1, 0, 1, .max] { try expectRoundTrip(value, "\(value)") }
        for value in [Int64.min, -1, 0, 1, .max] { try expectRoundTrip(value, "\(value)") }
        for value in [Int.min, -1, 0, 1, .max] { try expectRoundTrip(value, "\(value)") }
        for value in [0.1, -.infinity, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude] as [Double] {
            try expectRoundTrip(value)
        }
        #expect(try connection.value("SELECT \(Double.nan)", as: Double.self).isNaN)
        #expect(try connection.value("SELECT '-0'::float8", as: Double.self).sign == .minus)
    }

    @Test("Integers widen and never narrow")
    func widening() throws {
        #expect(try connection.value("SELECT (-3)::int2", as: Int64.self) == -3)
        #expect(try connection.value("SELECT (-3)::int4", as: Int.self) == -3)
        #expect(try connection.value("SELECT (-3)::int2", as: Int32.self) == -3)
        #expect(try connection.value("SELECT 4294967295::oid", as: Int64.self) == 4_294_967_295)
        #expect(try connection.value("SELECT 0.5::float4", as: Double.self) == 0.5)
        #expect(decodingReason("SELECT 1::int8", as: Int32.self) == .wrongType)
        #expect(decodingReason("SELECT 1::int4", as: Int16.self) == .wrongType)
    }

    @Test("Numerics keep every digit, both ways")
    func numerics() throws {
        var texts = [
            "0", "0.00", "0.0000000000", "1", "-1", "1.50", "-0.01", "9999", "10000", "10001", "99999999", "100000000",
            "1.0001", "0.0001", "0.00001", "-0.000000000012", "12345678901234567890.123456789", "20000.0000",
            "1" + String(repeating: "0", count: 131_071), "0." + String(repeating: "0", count: 16_382) + "1",
            String(repeating: "9", count: 400) + "." + String(repeating: "9", count: 400),
            "-" + String(repeating: "7", count: 131_072) + "." + String(repeating: "3", count: 16_383), "NaN",
            "Infinity", "-Infinity",
        ]
        // From a seed: zeros in clumps, where groups of four digits are left out.
        var generator = Lehmer(state: 20_261)
        for _ in 0..<300 {
            func digits() -> String {
                (0..<Int.random(in: 1...18, using: &generator))
                    .map { _ in Bool.random(using: &generator) ? "0" : "\(Int.random(in: 0...9, using: &generator))" }
                    .joined()
            }
            let sign = Bool.random(using: &generator) ? "-" : ""
            texts.append(try #require(PGNumeric("\(sign)\(digits()).\(digits())")).text)
        }
        for text in texts {
            let value = try #require(PGNumeric(text))
            #expect(value.text == text)
            let (fromServer, fromUs) = try #require(
                try connection.first("SELECT \(text)::numeric, \(value)::text", as: PGNumeric.self, String.self))
            // No `#expect` on the whole: a failure would print 150,000 digits.
            #expect(fromServer == value, "decoding \(text.prefix(60))")
            #expect(fromUs == text, "encoding \(text.prefix(60))")
        }
    }

    @Test("A numeric's text is made canonical, and what is no decimal is refused")
    func numericText() {
        #expect(PGNumeric("+007.50")?.text == "7.50")
        #expect(PGNumeric("-0.00")?.text == "0.00")
        #expect(PGNumeric(".5")?.text == "0.5")
        #expect(PGNumeric("5.")?.text == "5")
        for text in ["", "-", ".", "1e5", " 1", "1 ", "1.2.3", "0x10", "١", "nan", "--1", "1_000", "1\0"] {
            #expect(PGNumeric(text) == nil, "\(text)")
        }
        #expect(PGNumeric(String(repeating: "1", count: 131_073)) == nil)
        #expect(PGNumeric("0." + String(repeating: "1", count: 16_384)) == nil)
        #expect(PGNumeric("NaN")?.isFinite == false)
    }

    @Test("Dates come back from year 4713 BC to 5874897, and infinite ones are an error")
    func dates() throws {
        try expectRoundTrip(PGDate(daysSince1970: 0), "1970-01-01")
        try expectRoundTrip(PGDate(daysSince1970: 10_957), "2000-01-01")
        try expectRoundTrip(PGDate(daysSince1970: -719_528), "0001-01-01 BC")
        let lowest = try connection.value("SELECT '4713-01-01 BC'::date", as: PGDate.self)
        let highest = try connection.value("SELECT '5874897-12-31'::date", as: PGDate.self)
        try expectRoundTrip(lowest, "4713-01-01 BC")
        try expectRoundTrip(highest, "5874897-12-31")
        #expect(lowest < highest)
        #expect(decodingReason("SELECT 'infinity'::date", as: PGDate.self) == .outOfRange)
        #expect(decodingReason("SELECT '-infinity'::date", as: PGDate.self) == .outOfRange)
        // The server's -infinity, had it been let through.
        #expect(encodingReason("SELECT \(PGDate(daysSince1970: .min + 10_957))") == .outOfRange)
        #expect(encodingReason("SELECT \(PGDate(daysSince1970: .min))") == .outOfRange)
        let error = postgresError {
            _ = try connection.execute("SELECT \(PGDate(daysSince1970: .max))")
        }
        #expect(error?.sqlState == .datetimeFieldOverflow)
    }

    @Test("Instants keep their microseconds whatever the time zone, and infinite ones are an error")
    func timestamps() throws {
        try expectRoundTrip(PGTimestamp(microsecondsSince1970: 0), "1970-01-01 00:00:00+00")
        try expectRoundTrip(PGTimestamp(microsecondsSince1970: -1), "1969-12-31 23:59:59.999999+00")
        let offset: Query = "SELECT '2024-02-29 23:30:00.000001-05:30'::timestamptz"
        #expect(
            try connection.value(offset, as: PGTimestamp.self).microsecondsSince1970 == 1_709_269_200_000_001)
        for text in ["4713-11-24 00:00:00+00 BC", "294247-01-10 04:00:54.775807+00"] {
            let value = try connection.value("SELECT \(text)::timestamptz", as: PGTimestamp.self)
            #expect(try connection.value("SELECT \(value) = \(text)::timestamptz", as: Bool.self), "\(text)")
        }
        #expect(decodingReason("SELECT 'infinity'::timestamptz", as: PGTimestamp.self) == .outOfRange)
        #expect(decodingReason("SELECT '-infinity'::timestamptz", as: PGTimestamp.self) == .outOfRange)
        #expect(
            decodingReason("SELECT '294247-01-10 04:00:54.775808+00'::timestamptz", as: PGTimestamp.self) == .outOfRange
        )
        #expect(encodingReason("SELECT \(PGTimestamp(microsecondsSince1970: .min))") == .outOfRange)
    }

    /// Every character from U+0001 to U+00FF, and what trips up escaping, folding and width.
    static let awkward =
        String(String.UnicodeScalarView((1...255).compactMap { Unicode.Scalar($0) }))
        + "👩‍👩‍👧‍👦🇪🇺 e\u{301} é \u{202E}שלום مرحبا\u{202C} ''\"\"\\\\ \\N \\. $1 $$ %s \r\n\t \u{FEFF}\u{FFFF}\u{10FFFF}"

    @Test("Text keeps every character; U+0000 is refused before anything is sent")
    func text() throws {
        try expectRoundTrip(Self.awkward, Self.awkward)
        try expectRoundTrip("", "")
        #expect(encodingReason("SELECT \("a\0b")") == .nulInText)
        #expect(encodingReason("SELECT \(["ok", "a\0b"])") == .nulInText)
        #expect(encodingReason(Query(name: "cut", text: "SELECT 1\0 garbage")) == .nulInText)
        #expect(!connection.isBroken)
        // Composed and decomposed text are equal to Swift, but not to the server: the bytes have to be kept.
        let decomposed = "e\u{301}"
        let back = try connection.value("SELECT \(decomposed)", as: String.self)
        #expect(Array(back.utf8) == Array(decomposed.utf8))
    }

    @Test("A string is read from the types that are text, and from no others")
    func textTypes() throws {
        try connection.execute("CREATE TYPE pg_temp.mood AS ENUM ('fair', 'foul')")
        try connection.execute("CREATE TYPE pg_temp.pair AS (a int, b text)")
        let sources: [(Query, String)] = [
            ("SELECT 'x'::varchar", "x"), ("SELECT 'x'::char(3)", "x  "), ("SELECT 'x'::name", "x"),
            ("SELECT '{\"a\": 1}'::json", "{\"a\": 1}"), ("SELECT '{\"a\":1}'::jsonb", "{\"a\": 1}"),
            ("SELECT 'x'::\"char\"", "x"), ("SELECT ''::\"char\"", ""), ("SELECT 'foul'::pg_temp.mood", "foul"),
            ("SELECT 'a0ee-bc999c0b4ef8bb6d6bb9bd380a11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            ("SELECT '<a/>'::xml", "<a/>"), ("SELECT 'bare'", "bare"),
        ]
        for (query, expected) in sources {
            #expect(try connection.value(query, as: String.self) == expected, "\(query.text)")
        }
        let others: [Query] = [
            "SELECT 1", "SELECT 1.5", "SELECT true", "SELECT now()", "SELECT current_date", "SELECT '\\x00'::bytea",
            "SELECT '127.0.0.1'::inet", "SELECT ARRAY['a']", "SELECT ROW(1, 'a')::pg_temp.pair",
        ]
        for query in others { #expect(decodingReason(query, as: String.self) == .wrongType, "\(query.text)") }
    }

    @Test("Nothing is read as a type that only has the same length")
    func wrongTypes() throws {
        let error = postgresError {
            _ = try connection.first(
                Query(name: "days", text: "SELECT 1, current_date AS day"), as: Int32.self, Int32.self)
        }
        guard case .decoding(let failure) = error else { return unexpected(error) }
        #expect(failure.statement == "days")
        #expect(failure.column == 1)
        #expect(failure.columnName == "day")
        #expect(failure.expected == "Int32")
        #expect(failure.found == "date")
        #expect(decodingReason("SELECT 1", as: PGDate.self) == .wrongType)
        #expect(decodingReason("SELECT 1::int8", as: PGTimestamp.self) == .wrongType)
        #expect(decodingReason("SELECT localtimestamp", as: PGTimestamp.self) == .wrongType)
        #expect(decodingReason("SELECT 1::int8", as: Double.self) == .wrongType)
        #expect(decodingReason("SELECT 1", as: PGNumeric.self) == .wrongType)
        #expect(decodingReason("SELECT 1.5", as: Double.self) == .wrongType)
        #expect(decodingReason("SELECT 'x'::text", as: [UInt8].self) == .wrongType)
        #expect(decodingReason("SELECT ARRAY[1]", as: Int32.self) == .wrongType)
        #expect(decodingReason("SELECT ARRAY[1]", as: [PGDate].self) == .wrongType)
        #expect(decodingReason("SELECT 'x'", as: [String].self) == .wrongType)
    }

    @Test("Arrays come back, empty ones and NULL elements too")
    func arrays() throws {
        try expectRoundTrip([true, false], "{t,f}")
        try expectRoundTrip([Int16.min, .max])
        try expectRoundTrip([Int32.min, .max])
        try expectRoundTrip([Int64.min, .max])
        try expectRoundTrip([Int.min, .max])
        try expectRoundTrip(["", "NULL", "a,b", "{\"}", Self.awkward])
        try expectRoundTrip([PGDate(daysSince1970: 0), PGDate(daysSince1970: -1)], "{1970-01-01,1969-12-31}")
        try expectRoundTrip([Int64](), "{}")
        try expectRoundTrip([String](), "{}")
        try expectRoundTrip([1, nil, 3] as [Int64?], "{1,NULL,3}")
        try expectRoundTrip(["a", nil, ""] as [String?], "{a,NULL,\"\"}")
        try expectRoundTrip([UInt8](0...255))
        try expectRoundTrip([UInt8](), "\\x")
        #expect(try connection.value("SELECT '[5:6]={7,8}'::int4[]", as: [Int].self) == [7, 8])
        #expect(decodingReason("SELECT '{{1},{2}}'::int8[]", as: [Int64].self) == .wrongType)
        #expect(decodingReason("SELECT '{1,NULL}'::int8[]", as: [Int64].self) == .unexpectedNull)
    }

    @Test("A value of 64 MiB passes as a parameter and as a result, one of 1 GiB is refused before sending")
    func largeValues() throws {
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 20) { buffer, count in
            for index in buffer.indices {
                buffer.initializeElement(at: index, to: UInt8(truncatingIfNeeded: index &* 31))
            }
            count = buffer.count
        }
        // Not `#expect(a == b)`, which would print both.
        let hasSameBytes = try connection.value("SELECT \(bytes)", as: [UInt8].self) == bytes
        #expect(hasSameBytes)
        let text = String(repeating: "é🙂ab", count: 8 << 20)
        #expect(text.utf8.count == 64 << 20)
        let hasSameText = try connection.value("SELECT \(text)", as: String.self) == text
        #expect(hasSameText)
        #expect(encodingReason("SELECT \([UInt8](repeating: 0, count: 1 << 30))") == .tooLarge)
    }
}

/// A small generator, the same on every machine.
struct Lehmer: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    }
}
