import Foundation
import PrivateServer
import Synchronization

/// The PostgreSQL server of a test run: one throwaway cluster a process, started by the first test that wants it.
///
/// It disappears with the process, however that ends. With `METERBOOK_TEST_PGHOST` set (and `METERBOOK_TEST_PGPORT`,
/// `METERBOOK_TEST_PGUSER`) the tests use that server instead, and only their own databases there.
package final class TestServer: Sendable {
    /// The server, started on the first use.
    package static var shared: TestServer { get throws { try started.get() } }

    private static let started = Result { try TestServer() }
    /// Databases of this process carry its number, so that another process can tell those of a dead one.
    private static let prefix = "meterbook_test_"

    private let endpoint: Endpoint
    private let lifeline: Lifeline?
    private let psql: String
    private let count = Atomic<Int>(0)
    /// One entry a template; a failed build stays failed, so that every test that needs it says the same.
    private let templates = Mutex<[String: Result<String, any Error>]>([:])

    private init() throws {
        let environment = ProcessInfo.processInfo.environment
        if let host = environment["METERBOOK_TEST_PGHOST"], !host.isEmpty {
            lifeline = nil
            endpoint = Endpoint(
                host: host, port: environment["METERBOOK_TEST_PGPORT"].flatMap { Int($0) } ?? 5432,
                user: environment["METERBOOK_TEST_PGUSER"] ?? "postgres")
            psql = (try? PrivateServer.binaries().appending("/psql")) ?? "psql"
            try dropDatabasesOfTheDead()
        } else {
            TestCluster.sweep()
            psql = try PrivateServer.binaries() + "/psql"
            (endpoint, lifeline) = try TestCluster.make()
        }
        // Not needed for the server to go, but so that it is gone when the test run returns.
        atexit { try? TestServer.started.get().end() }
    }

    /// Its socket directory, or its host name.
    package var host: String { endpoint.host }

    /// The libpq connection string for one of the server's databases.
    package func conninfo(database: String = "postgres") -> String { endpoint.conninfo(database: database) }

    /// Runs SQL in a database and returns what it prints: rows as lines, columns separated by `|`.
    @discardableResult
    package func run(_ sql: String, database: String = "postgres") throws -> String {
        try run(sql, conninfo: conninfo(database: database))
    }

    @discardableResult
    func run(_ sql: String, conninfo: String) throws -> String {
        var environment = Command.plain
        for name in ["PGPASSWORD", "PGPASSFILE"] { environment[name] = ProcessInfo.processInfo.environment[name] }
        var command = Command(
            psql, ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-f", "-"],
            environment: environment)
        command.input = Array(sql.utf8)
        let result = try command.run()
        guard result.succeeded else { throw TestFailure("psql: \(result.errorText)") }
        return result.outputText.trimmingCharacters(in: .newlines)
    }

    /// A template database, built by the first test of the process that asks for it.
    ///
    /// - Returns: the name to give to `CREATE DATABASE … TEMPLATE`.
    package func template(named name: String, build: (_ conninfo: String) throws -> Void) throws -> String {
        // Held while building: the others wait for the same database anyway.
        try templates.withLock { templates in
            if let known = templates[name] { return try known.get() }
            let database = "\(Self.prefix)\(getpid())_template_\(name)"
            let built = Result {
                try run("CREATE DATABASE \"\(database)\" TEMPLATE template0")
                try build(conninfo(database: database))
                try run("ALTER DATABASE \"\(database)\" IS_TEMPLATE true ALLOW_CONNECTIONS false")
                return database
            }
            templates[name] = built
            return try built.get()
        }
    }

    /// A name that no other database of the server has.
    func freshName() -> String {
        "\(Self.prefix)\(getpid())_\(count.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    private func end() {
        if let lifeline { lifeline.end() } else { dropDatabases { $0 == getpid() } }
    }

    private func dropDatabasesOfTheDead() throws {
        // Also the proof that the server is there, before a hundred tests say that it is not.
        _ = try run("SELECT 1")
        dropDatabases { kill($0, 0) != 0 && errno == ESRCH }
    }

    /// Drops the test databases of processes of which `isMeant` is true.
    private func dropDatabases(of isMeant: (pid_t) -> Bool) {
        let names = (try? run("SELECT datname FROM pg_database WHERE datname LIKE '\(Self.prefix)%'")) ?? ""
        for name in names.split(separator: "\n") {
            let number = name.dropFirst(Self.prefix.count).prefix(while: \.isNumber)
            guard let pid = pid_t(number), isMeant(pid) else { continue }
            _ = try? run("ALTER DATABASE \"\(name)\" IS_TEMPLATE false")
            _ = try? run("DROP DATABASE \"\(name)\" WITH (FORCE)")
        }
    }
}

/// A failure of the test equipment, not of what it tests.
package struct TestFailure: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
