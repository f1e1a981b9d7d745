internal import CLibPQ

/// A number of milliseconds as PostgreSQL's timeouts take it: 0 ... 2,147,483,647, where 0 means no limit. Out of range it is
/// taken to the nearer end.
package struct Milliseconds: Hashable, Sendable, ExpressibleByIntegerLiteral {
    package let count: Int32

    package init(_ count: Int) {
        self.count = Int32(clamping: max(0, count))
    }

    package init(integerLiteral value: Int) {
        self.init(value)
    }

    package static func seconds(_ count: Int) -> Milliseconds {
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: 1000)
        return Milliseconds(overflow ? (count > 0 ? .max : 0) : milliseconds)
    }
}

extension Connection {
    /// Runs `body` under a limit for each statement (then `57014 query_canceled`) and for each wait for a lock (then `55P03
    /// lock_not_available`); nil leaves that limit as it is. The limits that stood before stand again afterwards, also when
    /// the body throws.
    ///
    /// Outside of a transaction they are the session's. Inside of one they are the transaction's: if the body leaves the
    /// transaction failed, nothing can be set in it any more, and nothing has to: rolling back, be it to a savepoint from
    /// before this call, takes the limits back as well.
    @discardableResult
    package func withTimeouts<R>(
        statement: Milliseconds?, lock: Milliseconds?, _ body: () throws -> R
    ) throws -> R {
        let isLocal = isInTransaction
        let before = try timeouts()
        try set(
            Timeouts(
                statement: statement.map { String($0.count) } ?? before.statement,
                lock: lock.map { String($0.count) } ?? before.lock),
            isLocal: isLocal)
        let value: R
        do {
            value = try body()
        } catch {
            // The body's error is the first one. Limits that could not be restored must not live on unseen.
            do { try restore(before, isLocal: isLocal) } catch { if !isLocal { close() } }
            throw error
        }
        try restore(before, isLocal: isLocal)
        return value
    }

    private struct Timeouts {
        let statement: String
        let lock: String
    }

    private func timeouts() throws(PostgresError) -> Timeouts {
        let query = Query(
            command: "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')",
            name: "read the timeouts")
        guard let (statement, lock) = try first(query, as: String.self, String.self) else {
            throw .protocolViolation(statement: query.name, reason: "no row came")
        }
        return Timeouts(statement: statement, lock: lock)
    }

    private func set(_ timeouts: Timeouts, isLocal: Bool) throws(PostgresError) {
        _ = try run(
            Query(
                command: "SELECT set_config('statement_timeout', $1, $3), set_config('lock_timeout', $2, $3)",
                name: "set the timeouts", [timeouts.statement, timeouts.lock, isLocal]))
    }

    private func restore(_ before: Timeouts, isLocal: Bool) throws(PostgresError) {
        if isLocal {
            // A failed transaction takes no statement, and one that is over has taken its limits along.
            if handle.map(PQtransactionStatus) == PQTRANS_INTRANS { try set(before, isLocal: true) }
            return
        }
        if isInTransaction {
            // The session's limits, set inside a transaction that the body left open, would go with its rollback.
            abandonTransaction()
            try set(before, isLocal: false)
            throw .misuse(statement: "set the timeouts", reason: "the body has left a transaction open")
        }
        try set(before, isLocal: false)
    }
}
