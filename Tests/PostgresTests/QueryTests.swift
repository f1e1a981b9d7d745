import Postgres
import Testing

@Suite("Queries and their rows", .serialized)
struct QueryTests {
    let connection: Connection

    init() throws {
        connection = try Connection.toTestServer()
    }

    @Test("An interpolated value is bound, so an injection comes back as a value")
    func injection() throws {
        let hostile = "'; DROP TABLE t; -- $1 \\"
        let query: Query = "SELECT \(hostile), \(7)"
        #expect(query.text == "SELECT $1, $2")
        let (text, number) = try #require(try connection.first(query, as: String.self, Int.self))
        #expect(text == hostile)
        #expect(number == 7)
    }

    @Test("A name is quoted, raw text is spliced")
    func splicing() throws {
        let name = "odd \"name\"; --"
        try connection.execute("CREATE TEMP TABLE \(identifier: name) (x int)")
        #expect(try connection.execute("INSERT INTO \(identifier: name) VALUES \(raw: "(1), (2)")") == 2)
        let sum: Query = "SELECT sum(x) FROM \(identifier: name) WHERE x > \(1)"
        #expect(try connection.value(sum, as: Int.self) == 2)
    }

    @Test("The number of rows is what the statement changed or returned")
    func affectedRows() throws {
        try connection.execute("CREATE TEMP TABLE t (x int)")
        #expect(try connection.execute("INSERT INTO t SELECT generate_series(1, 5)") == 5)
        #expect(try connection.execute("UPDATE t SET x = x + 1 WHERE x > \(3)") == 2)
        #expect(try connection.execute("DELETE FROM t WHERE false") == 0)
        #expect(try connection.execute("SELECT FROM t") == 5)
        #expect(try connection.execute("SET search_path = public") == 0)
        #expect(try connection.execute("") == 0)
    }

    @Test("Rows come as tuples, or by column number and name")
    func rows() throws {
        let query: Query = "SELECT n, 'r' || n AS label, NULL::date AS day FROM generate_series(1, 3) n"
        let tuples = try connection.query(query, as: Int.self, String.self, PGDate?.self)
        #expect(tuples.map(\.0) == [1, 2, 3])
        #expect(tuples.map(\.1) == ["r1", "r2", "r3"])
        #expect(tuples.allSatisfy { $0.2 == nil })
        let labels = try connection.query(query) { row throws(PostgresError) in
            #expect(row.columnNames == ["n", "label", "day"])
            #expect(row.isNull(2) && !row.isNull(0) && row.isNull(9))
            return "\(try row["label", as: String.self])/\(try row[0, as: Int.self])"
        }
        #expect(labels == ["r1/1", "r2/2", "r3/3"])
        let kept = try connection.query(query) { row throws(PostgresError) in row }
        #expect(try kept.last?["n", as: Int.self] == 3)
    }

    @Test("Columns that are not there, twice there, or not asked for are errors")
    func columns() throws {
        func reason(_ body: (Row) throws(PostgresError) -> Int) -> DecodingReason? {
            let error = postgresError { _ = try connection.first("SELECT 1 AS a, 2 AS a", body) }
            guard case .decoding(let failure) = error else { return nil }
            return failure.reason
        }
        #expect(reason { row throws(PostgresError) in try row[2, as: Int.self] } == .noSuchColumn)
        #expect(reason { row throws(PostgresError) in try row[-1, as: Int.self] } == .noSuchColumn)
        #expect(reason { row throws(PostgresError) in try row["b", as: Int.self] } == .noSuchColumn)
        #expect(reason { row throws(PostgresError) in try row["a", as: Int.self] } == .ambiguousColumn)
        for count in 1...2 {
            let error = postgresError {
                _ =
                    count == 1
                    ? try connection.query("SELECT 1, 2", as: Int.self).count
                    : try connection.query("SELECT 1", as: Int.self, Int.self).count
            }
            guard case .misuse = error else { return unexpected(error) }
        }
    }

    @Test("At most one row: none is nil, two are an error")
    func first() throws {
        #expect(try connection.first("SELECT 1 WHERE false", as: Int.self) == nil)
        #expect(try connection.first("SELECT 1", as: Int.self) == 1)
        let error = postgresError {
            _ = try connection.first(Query(name: "pair", text: "VALUES (1), (2)"), as: Int.self)
        }
        guard case .tooManyRows("pair") = error else { return unexpected(error) }
    }

    @Test("Rows stream one by one, and a statement without rows brings none")
    func streaming() throws {
        var sum = 0
        try connection.forEachRow("SELECT generate_series(1, \(200_000))") { sum += try $0[0, as: Int.self] }
        #expect(sum == 200_000 * 200_001 / 2)
        var calls = 0
        try connection.forEachRow("SELECT 1 WHERE false") { _ in calls += 1 }
        try connection.forEachRow("SET search_path = public") { _ in calls += 1 }
        #expect(calls == 0)
    }

    @Test("A streaming body that throws ends the statement, and the connection goes on")
    func streamingBodyThrows() throws {
        var seen = 0
        #expect(throws: Stop(reason: "third")) {
            try connection.forEachRow("SELECT generate_series(1, 100000000)") { _ in
                seen += 1
                if seen == 3 { throw Stop(reason: "third") }
            }
        }
        #expect(seen == 3)
        #expect(try connection.value("SELECT 5", as: Int.self) == 5)
    }

    @Test("An error after some rows is thrown, and a second statement within the body is refused")
    func streamingErrors() throws {
        var seen = 0
        let failing = postgresError {
            _ = try connection.forEachRow("SELECT 1 / (100 - n) FROM generate_series(1, 1000) n") { _ in seen += 1 }
        }
        #expect(failing?.sqlState == .divisionByZero)
        #expect(seen == 99)
        let nested = postgresError {
            _ = try connection.forEachRow("SELECT 1") { _ in try connection.execute("SELECT 2") }
        }
        guard case .misuse = nested else { return unexpected(nested) }
        #expect(try connection.value("SELECT 5", as: Int.self) == 5)
    }

    @Test("Text rows bring the names first, also without rows, and the server's text forms")
    func textRows() throws {
        var names: [String] = []
        var rows: [[String?]] = []
        let query: Query = """
            SELECT 1.50 AS a, NULL AS b, '2024-02-29'::date AS c, '\\x00ff'::bytea AS d, interval '1 day 2 hours' AS e,
                '2024-02-29 00:00+02'::timestamptz AS f, '127.0.0.1'::inet AS g, '' AS h, true AS i
            """
        try connection.forEachTextRow(query, columns: { names = $0 }, { rows.append($0) })
        #expect(names == ["a", "b", "c", "d", "e", "f", "g", "h", "i"])
        #expect(
            rows == [["1.50", nil, "2024-02-29", "\\x00ff", "P1DT2H", "2024-02-28 22:00:00+00", "127.0.0.1", "", "t"]])
        var calls = 0
        try connection.forEachTextRow("SELECT 1 AS only WHERE false", columns: { names = $0 }, { _ in calls += 1 })
        #expect(names == ["only"])
        #expect(calls == 0)
    }

    @Test("A statement that comes again is prepared once")
    func preparedOnce() throws {
        for number in 1...5 {
            let query = Query(name: "twice", text: "SELECT $1 * 2", number)
            #expect(try connection.value(query, as: Int.self) == number * 2)
        }
        let count: Query = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1 * 2'"
        #expect(try connection.value(count, as: Int.self) == 1)
        // Other types are another statement, and must not meet the plan of the first.
        #expect(try connection.value(Query(name: "twice", text: "SELECT $1 * 2", Int32(4)), as: Int32.self) == 8)
    }

    @Test("A table that changes under a prepared statement shows nowhere, in a transaction neither")
    func stalePlans() throws {
        try connection.execute("CREATE TEMP TABLE t (a int)")
        try connection.execute("INSERT INTO t VALUES (1)")
        let all = Query(name: "all", text: "SELECT * FROM t")
        for _ in 1...3 { #expect(try connection.first(all, as: Int.self) == 1) }
        try connection.execute("ALTER TABLE t ALTER a TYPE text")
        #expect(try connection.first(all, as: String.self) == "1")
        for _ in 1...3 { #expect(try connection.first(all, as: String.self) == "1") }
        try connection.execute("ALTER TABLE t ALTER a TYPE int8 USING a::int8")
        try connection.transaction {
            for _ in 1...3 {
                let value = try connection.first(all, as: Int64.self)
                #expect(value == 1)
            }
        }
    }

    @Test("A rollback leaves the prepared statements usable, and so does DISCARD ALL")
    func preparedAndRollback() throws {
        try connection.execute("CREATE TEMP TABLE t (a int)")
        let insert = Query(name: "insert", text: "INSERT INTO t VALUES ($1)", 1)
        for _ in 1...3 {
            #expect(throws: Stop.self) {
                try connection.transaction {
                    try connection.execute(insert)
                    try connection.execute(insert)
                    throw Stop()
                }
            }
        }
        #expect(try connection.execute(insert) == 1)
        try connection.execute("DEALLOCATE ALL")
        #expect(try connection.execute(insert) == 1)
        #expect(try connection.value("SELECT count(*) FROM t", as: Int.self) == 2)
    }

    @Test("A script runs as a whole or not at all, and leaves no transaction open")
    func scripts() throws {
        try connection.executeScript(name: "make", "CREATE TEMP TABLE t (a int); INSERT INTO t VALUES (1); SELECT 1")
        let error = postgresError {
            _ = try connection.executeScript(
                name: "break", "INSERT INTO t VALUES (2); SELECT 1/0; INSERT INTO t VALUES (3)")
        }
        #expect(error?.statement == "break")
        _ = postgresError {
            _ = try connection.executeScript(name: "open", "BEGIN; INSERT INTO t VALUES (4); SELECT 1/0")
        }
        #expect(!connection.isInTransaction)
        #expect(try connection.query("SELECT a FROM t", as: Int.self) == [1])
        _ = postgresError { _ = try connection.executeScript(name: "cut", "SELECT 1\0; DROP TABLE t") }
    }

    @Test("A COPY given to a call that cannot take it is misuse, and the connection goes on")
    func misplacedCopies() throws {
        try connection.execute("CREATE TEMP TABLE t (a int)")
        for query in ["COPY t FROM STDIN", "COPY (SELECT generate_series(1, 1000000)) TO STDOUT"] as [Query] {
            let error = postgresError { _ = try connection.execute(query) }
            guard case .misuse = error else { return unexpected(error) }
            let streamed = postgresError { _ = try connection.forEachRow(query) { _ in } }
            guard case .misuse = streamed else { return unexpected(streamed) }
            #expect(try connection.value("SELECT 5", as: Int.self) == 5)
        }
    }

    @Test("Notices are silent unless asked for")
    func notices() throws {
        try connection.executeScript(name: "quiet", "DO $$ BEGIN RAISE NOTICE 'unseen'; END $$")
        var notices: [Notice] = []
        connection.onNotice = { notices.append($0) }
        try connection.executeScript(name: "loud", "DO $$ BEGIN RAISE WARNING 'seen'; END $$")
        #expect(notices.map(\.message) == ["seen"])
        #expect(notices.first?.severity == "WARNING")
    }
}
