/// Which statements a connection has seen and prepared.
///
/// A statement is prepared when it comes for the second time. Prepared statements are no part of a transaction: they stay
/// after a rollback, so what stands here stays true. They end with the session, as the cache does.
///
/// What can go wrong is that another session changes a table: then the server refuses a prepared statement whose *result*
/// would have other columns (0A000, "cached plan must not change result type"). Outside of a transaction nothing has happened
/// yet, and the connection runs the statement again, unprepared. Inside of one that is too late, as the transaction has
/// failed. So within transactions a statement that returns rows is not run prepared; one that returns none has no result
/// type to change.
struct StatementCache {
    struct Key: Hashable {
        let text: String
        let types: [UInt32]
    }

    private enum Entry {
        case seen(returnsRows: Bool)
        case prepared(name: String, returnsRows: Bool)
    }

    /// Beyond this many different statements new ones stay unprepared: a program has a fixed set of them, and whoever makes
    /// texts without end should not fill the server's memory.
    private static let limit = 256

    private var entries: [Key: Entry] = [:]
    private var namesGiven = 0

    enum Advice {
        case runUnprepared
        case prepare(name: String)
        case run(name: String)
    }

    /// What to do with a statement, in or out of a transaction.
    mutating func advice(for key: Key, inTransaction: Bool) -> Advice {
        switch entries[key] {
        case nil:
            return .runUnprepared
        case .seen(let returnsRows):
            if returnsRows && inTransaction { return .runUnprepared }
            namesGiven += 1
            return .prepare(name: "statement_\(namesGiven)")
        case .prepared(let name, let returnsRows):
            return returnsRows && inTransaction ? .runUnprepared : .run(name: name)
        }
    }

    /// Notes a statement that ran unprepared.
    mutating func noteRun(_ key: Key, returnsRows: Bool) {
        guard entries[key] == nil, entries.count < Self.limit else { return }
        entries[key] = .seen(returnsRows: returnsRows)
    }

    /// Notes a statement that the server has prepared.
    mutating func notePrepared(_ key: Key, name: String) {
        guard case .seen(let returnsRows) = entries[key] else { return }
        entries[key] = .prepared(name: name, returnsRows: returnsRows)
    }

    mutating func forget(_ key: Key) { entries[key] = nil }
}
