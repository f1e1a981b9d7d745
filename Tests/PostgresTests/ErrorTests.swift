import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Errors name the place and never a value", .serialized)
struct ErrorTests {
    let connection: Connection
    static let canary = "canary-4711-0815"

    init() throws {
        connection = try Connection.toTestServer()
        try connection.executeScript(
            name: "set up",
            """
            CREATE TEMP TABLE kind (code text CONSTRAINT kind_pkey PRIMARY KEY);
            CREATE TEMP TABLE thing (
                id int CONSTRAINT thing_pkey PRIMARY KEY,
                label text NOT NULL CONSTRAINT thing_label_key UNIQUE CONSTRAINT thing_label_check CHECK (label <> ''),
                count int CONSTRAINT thing_count_check CHECK (count > 0),
                kind text CONSTRAINT thing_kind_fkey REFERENCES kind,
                span int4range,
                CONSTRAINT thing_span_excl EXCLUDE USING gist (span WITH &&)
            );
            """)
    }

    /// Everything that prints an error, be it by mistake.
    private func printed(_ error: PostgresError) -> String {
        var text = "\(error) \(String(reflecting: error)) \(error.localizedDescription) \(error as any Error)"
        dump(error, to: &text)
        if case .server(_, _, let details) = error {
            text += "\(details) \(String(reflecting: details))"
            dump(details, to: &text)
        }
        return text
    }

    private func expect(
        _ state: SQLState, _ objects: [String], location: SourceLocation = #_sourceLocation,
        _ body: () throws -> Void
    ) throws {
        let thrown = postgresError(location: location, body)
        let error = try #require(thrown, sourceLocation: location)
        guard case .server(state, _, _) = error else { return unexpected(error, location: location) }
        let text = printed(error)
        #expect(!text.contains("canary"), sourceLocation: location)
        #expect(!text.contains("4711"), sourceLocation: location)
        for object in objects { #expect(error.description.contains(object), "\(object)", sourceLocation: location) }
        #expect(error.description.contains(state.code), sourceLocation: location)
        #expect(error.serverMessage?.isEmpty == false, sourceLocation: location)
    }

    @Test("A violated constraint is named, and the value that violates it is not")
    func constraints() throws {
        let canary = Self.canary
        try connection.execute("INSERT INTO thing (id, label, span) VALUES (1, \(canary), '[4711,4712]')")
        try expect(.uniqueViolation, ["thing_label_key", "table", "unique_violation"]) {
            try connection.execute("INSERT INTO thing (id, label) VALUES (2, \(canary))")
        }
        try expect(.checkViolation, ["thing_count_check"]) {
            try connection.execute("INSERT INTO thing (id, label, count) VALUES (3, \(canary + "3"), -4711)")
        }
        try expect(.notNullViolation, ["column label"]) {
            try connection.execute("INSERT INTO thing (id, kind) VALUES (4, \(canary))")
        }
        try expect(.foreignKeyViolation, ["thing_kind_fkey"]) {
            try connection.execute("INSERT INTO thing (id, label, kind) VALUES (5, 'x', \(canary))")
        }
        try expect(.exclusionViolation, ["thing_span_excl"]) {
            try connection.execute("INSERT INTO thing (id, label, span) VALUES (6, 'y', '[4711,4711]')")
        }
    }

    @Test("Input that the server cannot read is refused without being repeated")
    func invalidInput() throws {
        let canary = Self.canary
        try expect(.invalidTextRepresentation, ["query"]) { try connection.execute("SELECT \(canary)::int") }
        try expect(.numericValueOutOfRange, []) { try connection.execute("SELECT (\(4711) * 100)::int2") }
        try expect(.raiseException, []) {
            try connection.executeScript(name: "raise", "DO $$ BEGIN RAISE EXCEPTION '\(canary)'; END $$")
        }
        try expect(.undefinedTable, []) { try connection.execute("SELECT * FROM nowhere") }
        try expect(.undefinedFunction, []) { try connection.execute("SELECT nothing(1)") }
        try expect(.syntaxError, []) { try connection.execute("SELEC '\(raw: canary)'") }
        try expect(.badCopyFileFormat, []) {
            var buffer = CopyBuffer()
            buffer.row(fields: 1)
            buffer.text(canary)
            try connection.copyIn("COPY thing (id, label) FROM STDIN (FORMAT binary)", buffer)
        }
        let wrong = postgresError { _ = try connection.first("SELECT \(canary)", as: Int.self) }
        #expect(wrong.map(printed)?.contains("canary") == false)
        let query: Query = "SELECT \(canary)"
        #expect(!"\(query) \(String(reflecting: query))".contains("canary"))
    }

    @Test("Text that is not UTF-8 is refused by the server, in a COPY as in a parameter")
    func invalidUTF8() throws {
        var buffer = CopyBuffer()
        buffer.row(fields: 2)
        buffer.int32(9)
        ([0x63, 0xFF, 0xFE] as [UInt8]).withUnsafeBytes { buffer.text($0) }
        try expect(.characterNotInRepertoire, []) {
            try connection.copyIn("COPY thing (id, label) FROM STDIN (FORMAT binary)", buffer)
        }
        try expect(.characterNotInRepertoire, []) { try connection.execute("SELECT \(BadText())") }
        #expect(try connection.value("SELECT count(*) FROM thing", as: Int.self) == 0)
    }

    /// Claims to be text and is none.
    struct BadText: PostgresEncodable {
        static var typeOID: UInt32 { 25 }
        func encode(into buffer: inout ParameterBuffer) { buffer.append(UInt8(0xC0)) }
    }

    @Test("Every refused connection is a typed error without the password")
    func connecting() throws {
        let host = try TestServer.shared.host
        let attempts: [(String, String)] = [
            ("host=\(host) user=meterbook dbname=nowhere password=s3cretword", "nowhere"),
            ("host=\(host) user=nobody dbname=postgres password=s3cretword", "nobody"),
            ("host=/nonexistent user=x password=s3cretword", "/nonexistent"),
            ("host=127.0.0.1 port=1 user=x dbname=x password=s3cretword", "refused"),
            ("postgresql://x:s3cretword@127.0.0.1:1/x", "refused"),
            ("postgresql://x:%zzs3cretword@127.0.0.1/x", "not valid"),
            ("s3cretword", "not valid"),
            ("host=/tmp s3cretword", "not valid"),
            ("host=/tmp nooption=s3cretword", "not valid"),
            ("host=/tmp\0 password=s3cretword", "U+0000"),
        ]
        for (conninfo, part) in attempts {
            let error = try #require(postgresError { _ = try Connection(conninfo: conninfo) }, "\(part)")
            guard case .connection(let failure) = error else { return unexpected(error) }
            #expect(error.description.contains(part), "\(error)")
            #expect(!printed(error).contains("s3cretword"))
            #expect(failure.statement == nil)
            #expect(error.isConnectionLoss)
        }
    }

    @Test("The session is the same whatever the environment asks for, and says who it is")
    func session() throws {
        let settings = try connection.query(
            """
            SELECT name, setting FROM pg_settings
            WHERE name IN ('TimeZone', 'DateStyle', 'client_encoding', 'application_name') ORDER BY name
            """, as: String.self, String.self)
        let byName = Dictionary(settings.map { ($0.0, $0.1) }, uniquingKeysWith: { $1 })
        #expect(byName["TimeZone"] == "UTC")
        #expect(byName["DateStyle"] == "ISO, YMD")
        #expect(byName["client_encoding"] == "UTF8")
        #expect(byName["application_name"] == "tests")
        #expect(connection.serverVersion >= 150_000)
        #expect(connection.parameter("server_version")?.isEmpty == false)
        #expect(connection.parameter("nothing") == nil)
        #expect(try connection.value("SELECT pg_backend_pid()", as: Int32.self) == connection.processID)
    }

    @Test("A closed connection refuses everything and crashes at nothing")
    func closed() throws {
        let canceller = connection.canceller
        connection.close()
        connection.close()
        #expect(connection.isBroken)
        #expect(connection.serverVersion == 0)
        #expect(connection.parameter("server_version") == nil)
        let error = postgresError { try connection.execute("SELECT 1") }
        guard case .connection = error else { return unexpected(error) }
        #expect(throws: PostgresError.self) { try connection.transaction {} }
        #expect(throws: PostgresError.self) { try connection.copyIn("COPY t FROM STDIN", CopyBuffer()) }
        canceller.cancel()
    }

    @Test("A SQLSTATE knows its name and what it means for the caller")
    func sqlStates() {
        #expect(SQLState.uniqueViolation.description == "23505 unique_violation")
        #expect(SQLState("ZZ123").description == "ZZ123")
        #expect(SQLState.deadlockDetected.isRetryable && SQLState.serializationFailure.isRetryable)
        #expect(!SQLState.uniqueViolation.isRetryable && !SQLState.queryCanceled.isRetryable)
        #expect(SQLState.adminShutdown.isConnectionLoss && SQLState("08006").isConnectionLoss)
        #expect(!SQLState.queryCanceled.isConnectionLoss)
    }
}
