internal import CLibPQ

/// How much of other transactions a transaction sees (PostgreSQL manual, 13.2), weakest first. PostgreSQL runs READ UNCOMMITTED as
/// READ COMMITTED, so it is left out.
package enum IsolationLevel: Int, Comparable, Sendable {
    case readCommitted
    case repeatableRead
    case serializable

    package static func < (left: IsolationLevel, right: IsolationLevel) -> Bool { left.rawValue < right.rawValue }

    var sql: String {
        switch self {
        case .readCommitted: "READ COMMITTED"
        case .repeatableRead: "REPEATABLE READ"
        case .serializable: "SERIALIZABLE"
        }
    }
}

/// Transactions. What the body throws is what the caller gets: a failing ROLLBACK after it does not take its place.
extension Connection {
    /// Runs `body` in a transaction, commits it, and gives back what the body returned; when the body throws, rolls back and
    /// throws that error. Within a transaction it is a ``savepoint(_:)``.
    ///
    /// It throws as well
    /// - `.rolledBack`, when the body swallowed the error of a statement: the server then answers COMMIT by a rollback;
    /// - `.connection` with `commitOutcomeUnknown`, when the connection went while COMMIT was under way, and there is no
    ///   ``revival`` in which the server could be asked;
    /// - `.misuse`, when a nested call asks for a stronger isolation than the transaction around it has, or when the body
    ///   ended the transaction by itself.
    ///
    /// `readOnly: false` leaves it at the server's default, so that a database that an operator made read-only stays so.
    @discardableResult
    package func transaction<R>(
        _ isolation: IsolationLevel = .readCommitted, readOnly: Bool = false, _ body: () throws -> R
    ) throws -> R {
        _ = try ready(for: "BEGIN")
        if isInTransaction {
            guard isolation <= transactionIsolation ?? .readCommitted else {
                throw PostgresError.misuse(
                    statement: "SAVEPOINT", reason: "the transaction around it is not \(isolation.sql)")
            }
            return try savepoint {
                // Within a savepoint the setting lasts until the savepoint ends.
                if readOnly { try command("SET TRANSACTION READ ONLY") }
                return try body()
            }
        }
        try command("BEGIN ISOLATION LEVEL \(isolation.sql)\(readOnly ? " READ ONLY" : "")", as: "BEGIN")
        transactionIsolation = isolation
        defer { transactionIsolation = nil }
        let value: R
        do {
            value = try body()
        } catch {
            abandonTransaction()
            throw error
        }
        let number = try transactionNumber()
        do throws(PostgresError) {
            try commit()
        } catch {
            guard case .connection(let failure) = error, failure.commitOutcomeUnknown, let number,
                try hasCommitted(number, after: error)
            else { throw error }
        }
        return value
    }

    /// Runs `body` after a SAVEPOINT. When it throws, what it did is undone, its error is thrown, and the transaction around it
    /// goes on. Outside of a transaction the server refuses it (25P01).
    @discardableResult
    package func savepoint<R>(_ body: () throws -> R) throws -> R {
        let name = "level_\(savepointDepth + 1)"
        try command("SAVEPOINT \(name)", as: "SAVEPOINT")
        savepointDepth += 1
        defer { savepointDepth -= 1 }
        do {
            let value = try body()
            try command("RELEASE SAVEPOINT \(name)", as: "RELEASE SAVEPOINT")
            return value
        } catch {
            // Also when RELEASE failed, since the body had swallowed an error. A failure in here is not the first one; it leaves
            // the transaction failed, which the next statement reports.
            if isInTransaction {
                try? executeScript(
                    name: "ROLLBACK TO SAVEPOINT", "ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)")
            }
            throw error
        }
    }

    private func commit() throws(PostgresError) {
        _ = try ready(for: "COMMIT")
        guard isInTransaction else {
            throw .misuse(statement: "COMMIT", reason: "the body has ended the transaction by itself")
        }
        do throws(PostgresError) {
            let result = try run(Query(command: "COMMIT"))
            // The tag, as there is no error: a COMMIT of a failed transaction is a ROLLBACK, and says so only here.
            guard result.commandTag == "COMMIT" else { throw .rolledBack(statement: "COMMIT") }
        } catch {
            if case .connection(let failure) = error {
                throw .connection(
                    ConnectionFailure(
                        statement: failure.statement, sqlState: failure.sqlState, message: failure.message,
                        commitOutcomeUnknown: true))
            }
            // A deferred constraint, a serialization failure: the server has rolled back already. Make sure of it.
            if isInTransaction { abandonTransaction() }
            throw error
        }
    }

    /// Rolls back, whatever comes of it. A connection that could not would carry the open transaction into the next piece of work,
    /// so it is closed, by which the server rolls back.
    func abandonTransaction() {
        if isBroken { return }
        if isInTransaction { try? command("ROLLBACK") }
        if handle.map(PQtransactionStatus) != PQTRANS_IDLE { close() }
    }

    func command(_ text: String, as name: String? = nil) throws(PostgresError) {
        _ = try run(Query(command: text, name: name))
    }
}

extension Query {
    /// A statement of the connection's own, which is not worth preparing.
    init(command text: String, name: String? = nil, _ binds: [(any PostgresEncodable)?] = []) {
        self.init(name: name ?? text, text: text, binds: binds)
        isPreparable = false
    }
}
