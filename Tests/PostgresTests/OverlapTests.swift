import Foundation
import Postgres
import Testing

/// Two connections at once, where one waits for, cancels or ends the other.
@Suite("Connections that get in each other's way", .serialized)
struct OverlapTests {
    let admin: Connection

    init() throws {
        admin = try Connection.toTestServer()
    }

    /// A table of this test's own, as both connections have to see it.
    private func makeTable(_ name: String, rows: Int = 2) throws {
        try admin.executeScript(
            name: "make",
            """
            DROP TABLE IF EXISTS \(name);
            CREATE TABLE \(name) (id int PRIMARY KEY, n int NOT NULL);
            INSERT INTO \(name) SELECT i, 0 FROM generate_series(1, \(rows)) i;
            """)
    }

    @Test("Another thread cancels a statement, and the connection goes on")
    func cancel() throws {
        let connection = try Connection.toTestServer()
        let canceller = connection.canceller
        let processID = connection.processID
        let cancelling = Running {
            let watcher = try Connection.toTestServer()
            try waitUntil {
                try watcher.execute(
                    "SELECT FROM pg_stat_activity WHERE pid = \(processID) AND wait_event = 'PgSleep'") == 1
            }
            return canceller.cancel()
        }
        let error = postgresError { try connection.execute("SELECT pg_sleep(60)") }
        #expect(error?.sqlState == .queryCanceled)
        #expect(try cancelling.value())
        #expect(!connection.isBroken)
        #expect(try connection.value("SELECT 1", as: Int.self) == 1)
        // Nothing runs: a cancel that comes late must not hit the next statement.
        for _ in 1...20 {
            canceller.cancel()
            #expect(try connection.value("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("Of two transactions in a deadlock one fails with 40P01 and the other commits")
    func deadlock() throws {
        try makeTable("deadlock_test")
        let bothHold = Barrier(2)
        func worker(_ own: Int, _ others: Int) -> Running<PostgresError?> {
            Running {
                let connection = try Connection.toTestServer()
                do {
                    try connection.transaction {
                        try connection.execute("UPDATE deadlock_test SET n = n + 1 WHERE id = \(own)")
                        bothHold.wait()
                        try connection.execute("UPDATE deadlock_test SET n = n + 1 WHERE id = \(others)")
                    }
                    return nil
                } catch let error as PostgresError {
                    return error
                }
            }
        }
        let workers = [worker(1, 2), worker(2, 1)]
        let errors = try workers.compactMap { try $0.value() }
        #expect(errors.map(\.sqlState) == [.deadlockDetected])
        #expect(errors.first?.isRetryable == true)
        #expect(try admin.query("SELECT n FROM deadlock_test", as: Int.self) == [1, 1])
    }

    @Test("Write skew between serializable transactions fails one of them with 40001")
    func serializationFailure() throws {
        try makeTable("skew_test")
        let first = try Connection.toTestServer()
        let second = try Connection.toTestServer()
        let sum: Query = "SELECT sum(n) FROM skew_test"
        let error = postgresError {
            try first.transaction(.serializable) {
                _ = try first.value(sum, as: Int.self)
                try second.transaction(.serializable) {
                    _ = try second.value(sum, as: Int.self)
                    try second.execute("UPDATE skew_test SET n = 1 WHERE id = 1")
                }
                try first.execute("UPDATE skew_test SET n = 1 WHERE id = 2")
            }
        }
        #expect(error?.sqlState == .serializationFailure)
        #expect(error?.isRetryable == true)
        #expect(try first.value(sum, as: Int.self) == 1)
    }

    @Test("Waiting too long for a lock fails with 55P03, in a statement and in a transaction")
    func lockTimeout() throws {
        try makeTable("lock_test")
        let waiting = try Connection.toTestServer()
        try admin.transaction {
            try admin.execute("UPDATE lock_test SET n = 9 WHERE id = 1")
            let error = postgresError {
                try waiting.withTimeouts(statement: nil, lock: 20) {
                    _ = try waiting.execute("UPDATE lock_test SET n = 1 WHERE id = 1")
                }
            }
            #expect(error?.sqlState == .lockNotAvailable)
            let inTransaction = postgresError {
                try waiting.transaction {
                    try waiting.withTimeouts(statement: nil, lock: 20) {
                        _ = try waiting.execute("UPDATE lock_test SET n = 1 WHERE id = 1")
                    }
                }
            }
            #expect(inTransaction?.sqlState == .lockNotAvailable)
        }
        #expect(try waiting.execute("UPDATE lock_test SET n = 1 WHERE id = 1") == 1)
        #expect(try waiting.value("SELECT current_setting('lock_timeout')", as: String.self) == "0")
    }

    @Test("A statement that takes too long fails with 57014")
    func statementTimeout() throws {
        let error = postgresError {
            try admin.withTimeouts(statement: 20, lock: nil) { _ = try admin.execute("SELECT pg_sleep(60)") }
        }
        #expect(error?.sqlState == .queryCanceled)
        #expect(try admin.value("SELECT current_setting('statement_timeout')", as: String.self) == "0")
    }

    @Test("A connection that is ended while rows come out is an error, not an early end")
    func lostWhileCopyingOut() throws {
        let connection = try Connection.toTestServer()
        var rows = 0
        let error = postgresError {
            try connection.copyOut("COPY (SELECT generate_series(1, 20000000)) TO STDOUT (FORMAT binary)") { _ in
                rows += 1
                if rows == 1000 { try admin.terminate(connection.processID) }
            }
        }
        guard case .connection(let failure) = error else { return unexpected(error) }
        #expect(failure.statement == "query")
        #expect(rows >= 1000 && rows < 20_000_000)
        #expect(connection.isBroken)
        let next = postgresError { try connection.execute("SELECT 1") }
        guard case .connection = next else { return unexpected(next) }
    }

    @Test("A connection that is ended while rows go in is an error at once, and no row stays")
    func lostWhileCopyingIn() throws {
        try makeTable("lost_test", rows: 0)
        let connection = try Connection.toTestServer()
        var rows: Int32 = 0
        let error = postgresError {
            try connection.copyIn("COPY lost_test FROM STDIN (FORMAT binary)") { buffer in
                while rows < 20_000_000, !buffer.hasFailed {
                    rows += 1
                    buffer.row(fields: 2)
                    buffer.int32(rows)
                    buffer.int32(0)
                    if rows == 100_000 { try admin.terminate(connection.processID) }
                }
            }
        }
        guard case .connection(let failure) = error else { return unexpected(error) }
        #expect(failure.sqlState == nil || failure.sqlState == .adminShutdown)
        #expect(rows < 1_000_000, "the failure should show within a few buffers")
        #expect(connection.isBroken)
        #expect(try admin.value("SELECT count(*) FROM lost_test", as: Int.self) == 0)
    }

    @Test("A connection that is ended while rows stream, or between statements, is an error")
    func lostElsewhere() throws {
        let streaming = try Connection.toTestServer()
        var rows = 0
        let error = postgresError {
            try streaming.forEachRow("SELECT generate_series(1, 20000000)") { _ in
                rows += 1
                if rows == 1000 { try admin.terminate(streaming.processID) }
            }
        }
        guard case .connection = error else { return unexpected(error) }
        #expect(rows < 20_000_000)
        let idle = try Connection.toTestServer()
        try admin.terminate(idle.processID)
        let next = postgresError { try idle.execute("SELECT 1") }
        guard case .connection = next else { return unexpected(next) }
        #expect(idle.isBroken)
    }
}

/// Holds threads until as many have come as it was made for; at most 30 seconds.
///
/// Unchecked: every access to `missing` is under the condition's lock.
final class Barrier: @unchecked Sendable {
    private let condition = NSCondition()
    private var missing: Int

    init(_ count: Int) {
        missing = count
    }

    func wait() {
        condition.lock()
        defer { condition.unlock() }
        missing -= 1
        condition.broadcast()
        let end = Date.now + 30
        while missing > 0, condition.wait(until: end) {}
    }
}
