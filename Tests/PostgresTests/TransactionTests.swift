import Postgres
import Testing

@Suite("Transactions and savepoints", .serialized)
struct TransactionTests {
    let connection: Connection

    init() throws {
        connection = try Connection.toTestServer()
        try connection.execute("CREATE TEMP TABLE t (a int CONSTRAINT t_a_key UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    }

    private func insert(_ number: Int) throws {
        try connection.execute("INSERT INTO t VALUES (\(number))")
    }

    private func rows() throws -> [Int] {
        try connection.query("SELECT a FROM t ORDER BY a", as: Int.self)
    }

    @Test("What the body did stays when it returns, and goes when it throws")
    func commitAndRollback() throws {
        let result = try connection.transaction {
            try insert(1)
            return "done"
        }
        #expect(result == "done")
        #expect(throws: Stop(reason: "no")) {
            try connection.transaction {
                try insert(2)
                throw Stop(reason: "no")
            }
        }
        #expect(try rows() == [1])
        #expect(!connection.isInTransaction)
    }

    @Test("A nested transaction that throws takes back only its own part")
    func nested() throws {
        try connection.transaction {
            try insert(1)
            try? connection.transaction {
                try insert(2)
                try connection.transaction { try insert(3) }
                throw Stop()
            }
            try connection.savepoint { try insert(4) }
            let failed = postgresError { try connection.savepoint { _ = try connection.execute("SELECT 1/0") } }
            #expect(failed?.sqlState == .divisionByZero)
            try connection.savepoint {
                try connection.savepoint { try insert(5) }
                try? connection.savepoint {
                    try insert(6)
                    throw Stop()
                }
            }
        }
        #expect(try rows() == [1, 4, 5])
    }

    @Test("A savepoint outside of a transaction is the server's error")
    func savepointOutside() throws {
        let error = postgresError { try connection.savepoint {} }
        #expect(error?.sqlState == .noActiveSQLTransaction)
    }

    @Test("An error that the body swallows does not pass for a commit")
    func swallowed() throws {
        let error = postgresError {
            try connection.transaction {
                try insert(1)
                _ = try? connection.execute("SELECT 1/0")
            }
        }
        guard case .rolledBack = error else { return unexpected(error) }
        #expect(try rows() == [])
        try connection.transaction {
            try insert(1)
            let inner = postgresError { try connection.savepoint { _ = try? connection.execute("SELECT 1/0") } }
            #expect(inner?.sqlState == .inFailedSQLTransaction)
            try insert(2)
        }
        #expect(try rows() == [1, 2])
    }

    @Test("A constraint that is checked at the commit fails the commit, and the connection goes on")
    func deferred() throws {
        let error = postgresError {
            try connection.transaction {
                try insert(1)
                try insert(1)
            }
        }
        #expect(error?.sqlState == .uniqueViolation)
        #expect(error?.statement == "COMMIT")
        #expect(!connection.isInTransaction)
        #expect(try rows() == [])
    }

    @Test("The first error comes out though the rollback fails too")
    func firstError() throws {
        let other = try Connection.toTestServer()
        #expect(throws: Stop(reason: "first")) {
            try connection.transaction {
                try insert(1)
                try other.terminate(connection.processID)
                throw Stop(reason: "first")
            }
        }
        // Only now has the connection found out.
        #expect(connection.isBroken)
    }

    @Test("The first error comes out though the savepoint cannot be rolled back")
    func firstErrorOfSavepoint() throws {
        #expect(throws: Stop(reason: "first")) {
            try connection.transaction {
                try connection.savepoint {
                    try connection.executeScript(name: "undermine", "RELEASE SAVEPOINT level_1")
                    throw Stop(reason: "first")
                }
            }
        }
        #expect(!connection.isInTransaction)
        #expect(try rows() == [])
    }

    @Test(
        "A connection lost in the body is an error of its own, and one lost at COMMIT says that the outcome is unknown")
    func lost() throws {
        let inBody = postgresError {
            try connection.transaction { _ = try connection.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
        }
        guard case .connection(let failure) = inBody else { return unexpected(inBody) }
        #expect(!failure.commitOutcomeUnknown)
        #expect(failure.sqlState == .adminShutdown)

        let second = try Connection.toTestServer()
        let other = try Connection.toTestServer()
        let atCommit = postgresError {
            try second.transaction {
                try second.execute("SELECT 1")
                try other.terminate(second.processID)
            }
        }
        guard case .connection(let unknown) = atCommit else { return unexpected(atCommit) }
        #expect(unknown.commitOutcomeUnknown)
        #expect(second.isBroken)
    }

    @Test("The isolation and read-only mode are those asked for, within a savepoint too")
    func modes() throws {
        let level: Query = "SELECT current_setting('transaction_isolation')"
        for (isolation, name) in [
            (IsolationLevel.readCommitted, "read committed"), (.repeatableRead, "repeatable read"),
            (.serializable, "serializable"),
        ] {
            let found = try connection.transaction(isolation) { try connection.value(level, as: String.self) }
            #expect(found == name)
        }
        try connection.transaction {
            let inner = postgresError {
                try connection.transaction(readOnly: true) {
                    _ = try connection.execute("CREATE TABLE refused (a int)")
                }
            }
            #expect(inner?.sqlState == .readOnlySQLTransaction)
            try connection.transaction(readOnly: true) {}
            try connection.execute("CREATE TABLE tx_modes (a int)")
            try connection.execute("DROP TABLE tx_modes")
            let stronger = postgresError { try connection.transaction(.serializable) {} }
            guard case .misuse = stronger else { return unexpected(stronger) }
        }
    }

    @Test("A body that ends the transaction by itself is misuse")
    func endedInside() throws {
        let error = postgresError { try connection.transaction { _ = try connection.execute("ROLLBACK") } }
        guard case .misuse = error else { return unexpected(error) }
        #expect(try rows() == [])
    }

    private func timeouts() throws -> [String] {
        let query: Query = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
        return try #require(try connection.query(query, as: String.self, String.self).map { [$0.0, $0.1] }.first)
    }

    @Test("Timeouts hold during the body and are as before after it, whatever the body does")
    func restoredTimeouts() throws {
        try connection.execute("SET statement_timeout = '77s'")
        let before = try timeouts()
        #expect(before == ["77s", "0"])
        let during = try connection.withTimeouts(statement: 5000, lock: .seconds(1)) { try timeouts() }
        #expect(during == ["5s", "1s"])
        #expect(try timeouts() == before)
        #expect(throws: Stop.self) { try connection.withTimeouts(statement: nil, lock: 10) { throw Stop() } }
        #expect(try timeouts() == before)
        try connection.transaction {
            let inside = try connection.withTimeouts(statement: 20_000, lock: nil) { try timeouts() }
            #expect(inside == ["20s", "0"])
            let after = try timeouts()
            #expect(after == before)
            _ = postgresError {
                try connection.savepoint {
                    try connection.withTimeouts(statement: 9000, lock: 9000) {
                        _ = try connection.execute("SELECT 1/0")
                    }
                }
            }
            let afterFailure = try timeouts()
            #expect(afterFailure == before)
        }
        let open = postgresError {
            try connection.withTimeouts(statement: 9000, lock: nil) { _ = try connection.execute("BEGIN") }
        }
        guard case .misuse = open else { return unexpected(open) }
        #expect(try timeouts() == before)
        #expect(Milliseconds(-5).count == 0)
        #expect(Milliseconds.seconds(.max).count == .max)
    }
}
