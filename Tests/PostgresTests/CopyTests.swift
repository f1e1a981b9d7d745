import Foundation
import Postgres
import Testing

@Suite("Binary COPY, both ways", .serialized)
struct CopyTests {
    let connection: Connection

    init() throws {
        connection = try Connection.toTestServer()
        try connection.execute(
            """
            CREATE TEMP TABLE t (
                id int8, flag bool, small int2, medium int4, real float8, day date, moment timestamptz, label text,
                payload bytea, amount numeric, numbers int8[], document jsonb)
            """)
    }

    private let into: Query = "COPY t FROM STDIN (FORMAT binary)"

    @Test("Every kind of field goes in and comes out as it was, NULLs too")
    func roundTrip() throws {
        var buffer = CopyBuffer()
        let amount = try #require(PGNumeric("-1234567.000100"))
        let labels = [ValueTests.awkward, "", String(repeating: "x", count: 300_000)]
        for (index, label) in labels.enumerated() {
            buffer.row(fields: 12)
            buffer.int64(.min + Int64(index))
            buffer.bool(index == 0)
            buffer.int16(-1)
            buffer.int32(.max)
            buffer.double(0.1)
            buffer.date(-1)
            buffer.timestamp(microsecondsSince1970: -1)
            buffer.text(label)
            buffer.bytes([0, 255])
            buffer.numeric(amount)
            buffer.int64Array(index == 0 ? [] : [1, -2])
            buffer.jsonb("{\"a\": 1}")
        }
        buffer.row(fields: 12)
        for _ in 1...12 { buffer.null() }
        #expect(buffer.rowCount == 4)
        #expect(try connection.copyIn(into, buffer) == 4)
        // Sent as it is a second time: the buffer is a value.
        #expect(try connection.copyIn(into, buffer) == 4)
        buffer.removeAll(keepingCapacity: true)
        #expect(buffer.isEmpty && buffer.rowCount == 0)
        #expect(try connection.copyIn(into, buffer) == 0)

        let written = try connection.query(
            "SELECT day::text || ' ' || moment::text || ' ' || amount || ' ' || numbers::text || document FROM t LIMIT 1",
            as: String.self)
        #expect(written == ["1969-12-31 1969-12-31 23:59:59.999999+00 -1234567.000100 {}{\"a\": 1}"])

        var rows = 0
        try connection.copyOut("COPY (SELECT * FROM t LIMIT 4) TO STDOUT (FORMAT binary)") { row in
            #expect(row.fieldCount == 12)
            if rows == 3 {
                for field in 0..<12 {
                    let isNull = row.isNull(field)
                    #expect(isNull)
                }
            } else {
                #expect(try row.int64(0) == .min + Int64(rows))
                #expect(try row.bool(1) == (rows == 0))
                #expect(try row.int16(2) == -1)
                #expect(try row.int32(3) == .max)
                #expect(try row.double(4) == 0.1)
                #expect(try row.date(5) == PGDate(daysSince1970: -1))
                #expect(try row.timestamp(6) == PGTimestamp(microsecondsSince1970: -1))
                let hasLabel = try row.text(7) == labels[rows]
                #expect(hasLabel)
                #expect(try row.bytes(8) == [0, 255])
                #expect(try row.numeric(9) == amount)
                #expect(try row.int64Array(10) == (rows == 0 ? [] : [1, -2]))
                #expect(try row.withBytes(11) { $0.count } == 9)
            }
            rows += 1
        }
        #expect(rows == 4)
    }

    @Test("A COPY of no rows, and one of rows without columns, are complete")
    func empty() throws {
        var rows = 0
        try connection.copyOut("COPY (SELECT 1 WHERE false) TO STDOUT (FORMAT binary)") { _ in rows += 1 }
        #expect(rows == 0)
        try connection.copyOut("COPY (SELECT FROM generate_series(1, 3)) TO STDOUT (FORMAT binary)") { row in
            #expect(row.fieldCount == 0)
            rows += 1
        }
        #expect(rows == 3)
        #expect(try connection.copyIn(into) { _ in } == 0)
    }

    @Test("A wrong length, a NULL, or a field that is not there is an error that names the field")
    func mismatches() throws {
        func reason(_ body: (borrowing CopyRow) throws(PostgresError) -> Void) -> DecodingReason? {
            let error = postgresError {
                try connection.copyOut(
                    "COPY (SELECT 1::int4, NULL::int4, 'infinity'::date, 'infinity'::timestamptz) TO STDOUT (FORMAT binary)"
                ) { row in try body(row) }
            }
            guard case .decoding(let failure) = error else { return nil }
            return failure.reason
        }
        #expect(reason { row throws(PostgresError) in _ = try row.int64(0) } == .malformed)
        #expect(reason { row throws(PostgresError) in _ = try row.int16(0) } == .malformed)
        #expect(reason { row throws(PostgresError) in _ = try row.int32(1) } == .unexpectedNull)
        #expect(reason { row throws(PostgresError) in _ = try row.text(1) } == .unexpectedNull)
        #expect(reason { row throws(PostgresError) in _ = try row.int32(4) } == .noSuchColumn)
        #expect(reason { row throws(PostgresError) in _ = try row.bytes(-1) } == .noSuchColumn)
        #expect(reason { row throws(PostgresError) in _ = try row.date(2) } == .outOfRange)
        #expect(reason { row throws(PostgresError) in _ = try row.timestamp(3) } == .outOfRange)
        #expect(reason { row throws(PostgresError) in _ = try row.numeric(0) } == .malformed)
        #expect(reason { row throws(PostgresError) in _ = try row.int64Array(0) } == .malformed)
    }

    @Test("What cannot be sent is refused before anything is")
    func refusals() throws {
        func reason(_ fill: (inout CopyBuffer) -> Void) -> EncodingReason? {
            var buffer = CopyBuffer()
            fill(&buffer)
            let whole = postgresError { try connection.copyIn("COPY t (label) FROM STDIN (FORMAT binary)", buffer) }
            let streamed = postgresError {
                try connection.copyIn("COPY t (label) FROM STDIN (FORMAT binary)") { fill(&$0) }
            }
            guard case .encoding(let first) = whole, case .encoding(let second) = streamed else { return nil }
            #expect(first.reason == second.reason)
            return first.reason
        }
        let nul = reason { buffer in
            buffer.row(fields: 1)
            buffer.text("a\0b")
        }
        #expect(nul == .nulInText)
        let tooFew = reason { buffer in
            buffer.row(fields: 2)
            buffer.text("a")
        }
        #expect(tooFew == .fieldCount)
        let tooMany = reason { buffer in
            buffer.row(fields: 1)
            buffer.text("a")
            buffer.text("a")
            buffer.row(fields: 1)
            buffer.text("a")
        }
        #expect(tooMany == .fieldCount)
        let infinite = reason { buffer in
            buffer.row(fields: 1)
            buffer.date(daysSince1970: .min)
        }
        #expect(infinite == .outOfRange)
        #expect(reason { $0.row(fields: 2000) } == .fieldCount)
        #expect(reason { $0.row(fields: -1) } == .fieldCount)
        #expect(try connection.value("SELECT count(*) FROM t", as: Int.self) == 0)
    }

    @Test("Rows stream in and out in constant memory, and none is missing")
    func streaming() throws {
        let count: Int64 = 300_000
        let taken = try connection.copyIn("COPY t (id, label) FROM STDIN (FORMAT binary)") { buffer in
            for id in 1...count {
                buffer.row(fields: 2)
                buffer.int64(id)
                buffer.text("label \(id)")
                if buffer.byteCount > 1 << 20 { Issue.record("the buffer grows") }
            }
        }
        #expect(taken == Int(count))
        var sum: Int64 = 0
        var mismatches = 0
        try connection.copyOut("COPY (SELECT id, label FROM t) TO STDOUT (FORMAT binary)") { row in
            let id = try row.int64(0)
            sum += id
            if try row.text(1) != "label \(id)" { mismatches += 1 }
        }
        #expect(sum == count * (count + 1) / 2)
        #expect(mismatches == 0)
    }

    @Test("A body that throws ends the COPY, leaves no row, and the connection goes on")
    func bodyThrows() throws {
        for limit in [0, 1, 100_000] {
            var rows = 0
            #expect(throws: Stop(reason: "out")) {
                try connection.copyOut("COPY (SELECT generate_series(0, 100000000)) TO STDOUT (FORMAT binary)") { _ in
                    if rows == limit { throw Stop(reason: "out") }
                    rows += 1
                }
            }
            #expect(rows == limit)
            #expect(try connection.value("SELECT 5", as: Int.self) == 5)
            #expect(throws: Stop(reason: "in")) {
                try connection.copyIn("COPY t (id) FROM STDIN (FORMAT binary)") { buffer in
                    for id in 0..<limit {
                        buffer.row(fields: 1)
                        buffer.int64(Int64(id))
                    }
                    throw Stop(reason: "in")
                }
            }
            #expect(try connection.value("SELECT count(*) FROM t", as: Int.self) == 0)
        }
    }

    @Test("A COPY that the server refuses, at its start or in its midst, is its error")
    func serverErrors() throws {
        let midst = postgresError {
            try connection.copyOut(
                "COPY (SELECT 1 / (5000 - n) FROM generate_series(1, 9000) n) TO STDOUT (FORMAT binary)"
            ) {
                _ in
            }
        }
        #expect(midst?.sqlState == .divisionByZero)
        let start = postgresError { try connection.copyIn("COPY nowhere FROM STDIN (FORMAT binary)") { _ in } }
        #expect(start?.sqlState == .undefinedTable)
        let duplicate = postgresError {
            try connection.executeScript(name: "unique", "CREATE TEMP TABLE u (id int8 PRIMARY KEY)")
            try connection.copyIn("COPY u FROM STDIN (FORMAT binary)") { buffer in
                for id in 0..<200_000 {
                    buffer.row(fields: 1)
                    buffer.int64(Int64(id % 1000))
                }
            }
        }
        #expect(duplicate?.sqlState == .uniqueViolation)
        #expect(try connection.value("SELECT count(*) FROM u", as: Int.self) == 0)
    }

    @Test("A COPY in text form, in the wrong direction, with parameters, or none at all is misuse")
    func misuse() throws {
        let attempts: [() throws -> Void] = [
            { try connection.copyOut("COPY t TO STDOUT") { _ in } },
            { try connection.copyOut("COPY t FROM STDIN (FORMAT binary)") { _ in } },
            { try connection.copyOut("SELECT 1") { _ in } },
            { try connection.copyOut("COPY (SELECT \(1)) TO STDOUT (FORMAT binary)") { _ in } },
            { try connection.copyIn("COPY t FROM STDIN", CopyBuffer()) },
            { try connection.copyIn("COPY t TO STDOUT (FORMAT binary)", CopyBuffer()) },
            { try connection.copyIn("SELECT 1") { _ in } },
            { try connection.copyIn(into) { _ in try connection.execute("SELECT 1") } },
            {
                try connection.copyOut("COPY (SELECT 1) TO STDOUT (FORMAT binary)") { _ in
                    try connection.execute("SELECT 1")
                }
            },
        ]
        for (index, attempt) in attempts.enumerated() {
            let error = postgresError(attempt)
            guard case .misuse = error else {
                Issue.record("attempt \(index)")
                return unexpected(error)
            }
            #expect(try connection.value("SELECT 5", as: Int.self) == 5)
        }
    }

    @Test("A value of 64 MiB goes through COPY both ways")
    func largeValues() throws {
        let bytes = [UInt8](repeating: 0xAB, count: 64 << 20)
        let text = String(repeating: "é🙂ab", count: 8 << 20)
        let taken = try connection.copyIn("COPY t (payload, label) FROM STDIN (FORMAT binary)") { buffer in
            buffer.row(fields: 2)
            buffer.bytes(bytes)
            buffer.text(text)
        }
        #expect(taken == 1)
        var isSame = false
        try connection.copyOut("COPY (SELECT payload, label FROM t) TO STDOUT (FORMAT binary)") { row in
            isSame = try row.bytes(0) == bytes && row.text(1) == text
        }
        #expect(isSame)
    }

    @Test("A buffer that outlives its COPY, or goes to another thread, harms nothing")
    func escapedBuffer() throws {
        var kept = CopyBuffer()
        try connection.copyIn("COPY t (id) FROM STDIN (FORMAT binary)") { buffer in
            buffer.row(fields: 1)
            buffer.int64(1)
            kept = buffer
        }
        for id in 0..<100_000 {
            kept.row(fields: 1)
            kept.int64(Int64(id))
        }
        #expect(try connection.value("SELECT count(*) FROM t", as: Int.self) == 1)
        let elsewhere = kept
        let failed = try Running {
            var buffer = elsewhere
            for id in 0..<100_000 {
                buffer.row(fields: 1)
                buffer.int64(Int64(id))
            }
            return buffer.hasFailed
        }.value()
        #expect(failed)
    }
}
