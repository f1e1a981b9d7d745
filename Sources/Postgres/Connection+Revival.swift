internal import CLibPQ

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a session does when it was lost: open itself again, and find out what became of a COMMIT that had no answer.
extension Connection {
    /// How often one piece of work may lose its connection. One that takes the server down with it is not tried for ever.
    private static let mostLosses = 3
    /// How long a lost session may still be at its COMMIT: a minute, in pauses of 50 ms.
    private static let mostPauses = 1_200

    /// Opens the session again, as it was opened first. What belonged to the lost one is gone: locks, temporary tables,
    /// settings, prepared statements.
    package func reopen() throws(PostgresError) {
        close()
        try open()
    }

    /// Does work that may be done again from its beginning, and does so when the connection was lost in it and
    /// ``revival`` brought it back. Within a transaction, and without a revival, nothing is done twice.
    ///
    /// After a COMMIT whose answer was lost, work goes on in the new session. Where it then fails for what belonged to the
    /// lost one, as a temporary table, it failed for the loss, and is done again too.
    ///
    /// - Parameter again: makes what the work needs of a session, in a new one.
    /// - Throws: what the work throws; when the connection does not come back, the loss.
    package func surviving<R>(again: () throws -> Void = {}, _ work: () throws -> R) throws -> R {
        guard revival != nil, transactionIsolation == nil else { return try work() }
        var losses = 0
        while true {
            let begun = sessions
            do {
                if losses > 0 { try again() }
                return try work()
            } catch let error as PostgresError
                where (error.isConnectionLoss || sessions != begun) && losses < Self.mostLosses
            {
                losses += 1
                if isBroken { try revive(after: error) }
            }
        }
    }

    /// - Throws: the loss, when the connection does not come back; what the revival throws that is no loss.
    private func revive(after loss: PostgresError) throws {
        guard let revival else { throw loss }
        do {
            try revival(self)
        } catch let error as PostgresError where error.isConnectionLoss {
            // Once is enough: whoever else would wait for it on this connection need not.
            self.revival = nil
            throw loss
        }
    }

    /// The number under which the server keeps what becomes of the transaction at hand; nil where it has written nothing,
    /// or where nobody would ask.
    func transactionNumber() throws -> String? {
        guard revival != nil else { return nil }
        return try first(Query(command: "SELECT pg_current_xact_id_if_assigned()::text"), as: String?.self) ?? nil
    }

    /// Whether a transaction was committed whose COMMIT had no answer, asked in a new session.
    ///
    /// - Throws: the loss, when that cannot be found out.
    func hasCommitted(_ number: String, after loss: PostgresError) throws -> Bool {
        try revive(after: loss)
        let query = Query(command: "SELECT pg_xact_status($1::text::xid8)", [number])
        for _ in 0..<Self.mostPauses {
            switch try first(query, as: String?.self) ?? nil {
            case "committed": return true
            case "aborted": return false
            // The session that was lost is still at it on the server, or has not noticed that nobody is there.
            case "in progress": usleep(50_000)
            default: throw loss
            }
        }
        throw loss
    }
}
