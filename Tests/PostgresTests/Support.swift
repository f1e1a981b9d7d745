import Foundation
import Postgres
import TestSupport
import Testing

extension Connection {
    /// A new connection to the server of the test run.
    static func toTestServer() throws -> Connection {
        try Connection(conninfo: try TestServer.shared.conninfo(), applicationName: "tests")
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
