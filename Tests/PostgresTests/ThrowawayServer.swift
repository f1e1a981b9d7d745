import Foundation
import Postgres
import Testing

/// A PostgreSQL of the test run's own: made when the first test asks, gone when the process is, however it ends.
///
/// A shell holds the server and waits for the end of its standard input, a pipe of which only this process has the other end.
/// When the process dies, the kernel closes it, and the shell stops the server and removes its directory.
final class ThrowawayServer: Sendable {
    struct StartFailure: Error, CustomStringConvertible {
        let description: String
    }

    private static let started = Result { try ThrowawayServer() }

    static var shared: ThrowawayServer {
        get throws { try started.get() }
    }

    let directory: String
    private let lifeline: FileHandle
    private let shell: Process

    private init() throws {
        let binaries = ProcessInfo.processInfo.environment["PGBIN"] ?? "/usr/lib/postgresql/15/bin"
        directory = "/tmp/pgroom-\(UUID().uuidString.prefix(8))"
        // postgres refuses to run as root; the directory is then the postgres user's, and root may enter it all the same.
        let isRoot = geteuid() == 0
        let script = """
            trap '' INT TERM HUP
            set -e
            mkdir -m 700 "$1"
            cd "$1"
            trap 'cd /; rm -rf "$1"' EXIT
            "$2/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >init.log 2>&1
            "$2/pg_ctl" -D data -l log -w -o "-c fsync=off -c full_page_writes=off -c listen_addresses='' \
            -c unix_socket_directories='$1' -c deadlock_timeout=50ms -c max_connections=50" start >start.log 2>&1
            echo ready
            read -r _ || true
            "$2/pg_ctl" -D data -m immediate -w stop >/dev/null 2>&1
            """
        let command = ["/bin/sh", "-c", script, "sh", directory, binaries]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: isRoot ? "/usr/bin/setpriv" : "/bin/sh")
        process.arguments =
            isRoot
            ? ["--reuid=postgres", "--regid=postgres", "--clear-groups"] + command : Array(command.dropFirst())
        process.currentDirectoryURL = URL(fileURLWithPath: "/tmp")
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        lifeline = input.fileHandleForWriting
        shell = process
        let answer = output.fileHandleForReading.availableData
        guard String(decoding: answer, as: UTF8.self).hasPrefix("ready") else {
            throw StartFailure(description: "no PostgreSQL could be started with the binaries in \(binaries)")
        }
    }

    var conninfo: String { "host=\(directory) user=postgres dbname=postgres" }

    /// A new connection to the server.
    static func connect() throws -> Connection {
        try Connection(conninfo: try shared.conninfo, applicationName: "tests")
    }
}

/// Something that runs on a thread of its own, for calls that have to overlap and would block Swift's pool.
final class Running<Value: Sendable>: @unchecked Sendable {
    // Unchecked: `result` is written before the semaphore is signalled, and read after it.
    private let finished = DispatchSemaphore(value: 0)
    private var result: Result<Value, any Error>?

    init(_ body: @escaping @Sendable () throws -> Value) {
        Thread.detachNewThread {
            self.result = Result { try body() }
            self.finished.signal()
        }
    }

    /// Waits for the end, at most 30 seconds.
    func value() throws -> Value {
        guard finished.wait(timeout: .now() + 30) == .success else { throw TookTooLong() }
        return try #require(result).get()
    }
}

struct TookTooLong: Error {}

/// Asks the server again and again until `condition` holds, at most 30 seconds.
func waitUntil(_ condition: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(30)
    while try !condition() {
        guard ContinuousClock.now < end else { throw TookTooLong() }
    }
}

extension Connection {
    /// Ends another session and waits until the server has let go of it.
    func terminate(_ processID: Int32) throws {
        try execute("SELECT pg_terminate_backend(\(processID))")
        try waitUntil { try execute("SELECT FROM pg_stat_activity WHERE pid = \(processID)") == 0 }
    }

    /// A value that the server computes.
    func value<T: PostgresDecodable>(_ query: Query, as type: T.Type) throws -> T {
        try #require(try first(query, as: type))
    }
}

/// An error of a test's own, to see that it comes out again.
struct Stop: Error, Equatable {
    var reason = ""
}

/// The error that `body` throws; records an issue where it throws none, or one of another type.
func postgresError(
    location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> PostgresError? {
    do {
        try body()
        Issue.record("no error was thrown", sourceLocation: location)
    } catch let error as PostgresError {
        return error
    } catch {
        Issue.record("another error was thrown: \(error)", sourceLocation: location)
    }
    return nil
}

/// Records that an error is not the expected one.
func unexpected(_ error: PostgresError?, location: SourceLocation = #_sourceLocation) {
    Issue.record("not the expected error: \(error?.description ?? "none")", sourceLocation: location)
}
