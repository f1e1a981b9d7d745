import Billing
import Connectors
import Glibc
import Testing

/// The conninfo of a throwaway server, or nil.
private let server = getenv("METERBOOK_TEST_CONNINFO").map { String(cString: $0) }

@Suite("PostgreSQL source", .enabled(if: server != nil, "METERBOOK_TEST_CONNINFO names no server"))
struct PostgresConnectorTests {
    private func connector(
        _ query: String, _ map: ColumnMap = columns("day", "account", "count"), from: Int32 = 0, to: Int32 = 0,
        limits: ConnectorLimits = ConnectorLimits(), options: String = ""
    ) throws -> PostgresConnector {
        PostgresConnector(
            name: "crm", conninfo: try #require(server) + options, query: query, from: from, to: to, columns: map,
            limits: limits)
    }

    private func read(
        _ query: String, _ map: ColumnMap = columns("day", "account", "count"), from: Int32 = 0, to: Int32 = 0,
        limits: ConnectorLimits = ConnectorLimits()
    ) throws -> Reading {
        var connector = try connector(query, map, from: from, to: to, limits: limits)
        return try Reading(from: &connector, fields: map.fields.count, keepPages: true)
    }

    @Test("The query gets its dates, and values come as text in the map's order")
    func rows() throws {
        // 20,454 days after 1970-01-01 is 2026-01-01: 56 years of 365 days and 14 leap days.
        let reading = try read(
            "SELECT 1.50 AS count, d::date AS day, 'a' || extract(day FROM d) AS account, 'x' AS other "
                + "FROM generate_series($1, $2, interval '1 day') AS d ORDER BY d", from: 20_454, to: 20_456)
        #expect(
            reading.rows == [
                ReadRow(1, "2026-01-01", "a1", "1.50"), ReadRow(2, "2026-01-02", "a2", "1.50"),
                ReadRow(3, "2026-01-03", "a3", "1.50"),
            ])
        #expect(reading.defects.isEmpty)
        let page = try #require(reading.pages.first)
        #expect(page.origin == "postgresql:crm")
        #expect(page.rawText(0) == "1.50\t2026-01-01\ta1\tx")
        #expect([page.column(0, 0), page.column(0, 1), page.column(0, 2)] == [6, 17, 1])
    }

    @Test("NULL is absent, empty text is empty; tabs, line feeds and backslashes come through")
    func values() throws {
        let map = ColumnMap([
            .init(name: "a", source: .column("a")), .init(name: "b", source: .column("b")),
            .init(name: "c", source: .optionalColumn("c")), .init(name: "k", source: .constant("orders")),
        ])
        let reading = try read("SELECT NULL AS a, '' AS b UNION ALL SELECT E'\\t\\n\\r\\\\N\\\\n', 'é😀'", map)
        #expect(reading.rows == [ReadRow(1, nil, "", nil, "orders"), ReadRow(2, "\t\n\r\\N\\n", "é😀", nil, "orders")])
        #expect(reading.pages.first?.rawText(0) == "\\N\t")
        #expect(reading.pages.first?.rawText(1) == "\\t\\n\\r\\\\N\\\\n\té😀")
    }

    @Test(
        "Pages are bounded in rows and bytes, and lose nothing between them", arguments: [1, 7, 1_000, 2_500, 10_000])
    func pages(_ pageRows: Int) throws {
        let reading = try read(
            "SELECT i AS day FROM generate_series(1, 5000) AS i ORDER BY i", columns("day"),
            limits: ConnectorLimits(pageRows: pageRows))
        #expect(reading.rows == (1...5_000).map { ReadRow($0, "\($0)") })
        #expect(reading.pages.allSatisfy { $0.rowCount <= pageRows })
        #expect(reading.pages.count == (5_000 + pageRows - 1) / pageRows)
        let tight = try read(
            "SELECT repeat('x', 1000) AS day FROM generate_series(1, 500)", columns("day"),
            limits: ConnectorLimits(pageRows: pageRows, pageBytes: 50_000))
        #expect(tight.rows.count == 500)
        #expect(tight.pages.allSatisfy { $0.rowCount <= 100 })
    }

    @Test("A row or field too long is a defect of its own")
    func tooLong() throws {
        let reading = try read(
            "SELECT repeat('x', n) AS day FROM unnest(ARRAY[5, 9, 40, 8]) WITH ORDINALITY AS t(n, i) ORDER BY i",
            columns("day"), limits: ConnectorLimits(rowBytes: 32, fieldBytes: 8))
        #expect(reading.rows == [ReadRow(1, "xxxxx"), ReadRow(4, "xxxxxxxx")])
        #expect(reading.places == [ReadDefect(2, 1, .fieldTooLong), ReadDefect(3, 1, .rowTooLong)])
    }

    @Test("No rows are no pages; their columns are checked all the same")
    func noRows() throws {
        #expect(try read("SELECT 1 AS day WHERE false", columns("day")).pages.isEmpty)
        #expect(
            connectorError { _ = try read("SELECT 1 AS \"Day\" WHERE false", columns("day")) }
                == .missingResultColumns(source: "postgresql:crm", missing: ["day"], found: ["Day"]))
        #expect(
            connectorError { _ = try read("SELECT 1 AS day, 2 AS day", columns("day")) }
                == .duplicateResultColumn(source: "postgresql:crm", column: "day", found: ["day", "day"]))
    }

    @Test("A query that fails names its SQLSTATE; the same error comes again")
    func failingQuery() throws {
        func state(_ query: String) -> String? {
            guard
                case .queryFailed("postgresql:crm", let state, _) = connectorError({
                    _ = try read(query, columns("day"))
                })
            else { return nil }
            return state
        }
        #expect(state("SELEC 1") == "42601")
        #expect(state("SELECT nowhere AS day") == "42703")
        #expect(state("CREATE TABLE t ()") == "42601")
        // It fails at a late row, after whole pages.
        #expect(state("SELECT 1 / (30000 - i) AS day FROM generate_series(1, 30000) AS i") == "22012")
        #expect(state("SELECT nextval('no_such') AS day") == "42P01")
        // active_sql_transaction: nobody leaves read-only mode in the middle; feature_not_supported: no cursor writes.
        #expect(state("SELECT set_config('transaction_read_only', 'off', true) AS day") == "25001")
        #expect(state("WITH gone AS (DELETE FROM pg_class RETURNING 1) SELECT 1 AS day FROM gone") == "0A000")
        var spent = try connector("SELECT nowhere AS day", columns("day"))
        let first = connectorError { _ = try spent.nextPage() }
        #expect(first?.description.contains("column \"nowhere\" does not exist") == true)
        #expect(connectorError { _ = try spent.nextPage() } == first)
    }

    @Test("What the tables hold, and a password, appear in no error")
    func secrets() throws {
        let cast = connectorError { _ = try read("SELECT ('customer ' || 'secret')::int AS day", columns("day")) }
        #expect(cast?.description.contains("22P02") == true)
        #expect(cast?.description.contains("secret") == false)
        var unreachable = try connector("SELECT 1", columns("day"), options: " host=/nowhere password=hunter2")
        let error = connectorError { _ = try unreachable.nextPage() }
        guard case .databaseUnreachable("postgresql:crm", let detail) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!detail.contains("hunter2"))
    }
}
