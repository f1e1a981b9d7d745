import Foundation
import Logging
import Postgres
import Store

/// What a run does when the database goes away under it, as in a restart of the server: it waits, opens its sessions again,
/// and does the batch again in which it was. Whole batches are kept, so that is what a rerun would do.
extension JobContext {
    private static let firstPause = 0.1
    private static let longestPause = 2.0

    /// Lets a connection come back. Not that of a dry run, which is one transaction, and gone with its session.
    ///
    /// - Parameter resume: makes of the new session what the lost one was. While it finds the books busy it is tried again.
    func revive(_ connection: Connection, _ resume: @escaping (Connection) throws -> Void = { _ in }) {
        guard !isDryRun, patience > 0 else { return }
        connection.revival = { [self] connection in
            log.warning("connection lost, waiting", metadata: ["seconds": .stringConvertible(patience)])
            try waiting {
                try connection.reopen()
                try resume(connection)
            }
            log.warning("database is back, going on")
        }
    }

    /// A connection of a worker of a run that is under way.
    func connectWorker() throws -> Connection {
        let connection = isDryRun || patience == 0 ? try database.connect() : try waiting { try database.connect() }
        revive(connection)
        return connection
    }

    /// Where the sessions come from that take readings in side by side; nil where all has to go over the run's own. One that
    /// is lost takes along what has landed in it, so it is not revived: the pull is done again.
    var readingSessions: ReadingStore.Sessions? {
        guard !isDryRun, workers > 1 else { return nil }
        return ReadingStore.Sessions(count: workers) {
            let connection = try connectWorker()
            connection.revival = nil
            return connection
        }
    }

    /// Tries again while there is no connection to be had, or the server has not noticed yet that the lost one is gone.
    ///
    /// - Throws: the last failure, when the patience has run out; `JobError.interrupted`.
    private func waiting<R>(_ attempt: () throws -> R) throws -> R {
        var (waited, pause) = (0.0, Self.firstPause)
        while true {
            try stop.check()
            do {
                return try attempt()
            } catch  where Self.isPassing(error) && waited < Double(patience) {
                Thread.sleep(forTimeInterval: pause)
                waited += pause
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    private static func isPassing(_ error: any Error) -> Bool {
        switch error {
        case let error as PostgresError: error.isConnectionLoss
        case StoreError.busy: true
        default: false
        }
    }
}
