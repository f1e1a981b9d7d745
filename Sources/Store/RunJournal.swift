package import Billing
package import Postgres
import SQL

/// The claim on the books, and the journal of what was done with it.
///
/// One run at a time changes a database: it holds an advisory lock for as long as its session lives, so a run that was
/// killed never blocks the next one. What a killed run left behind is told apart from what is alive by that lock.
package final class RunJournal {
    package let connection: Connection
    package private(set) var runID: Int64 = 0
    private var lastStep: Int16 = 0
    /// The last step that has begun; nil before the first.
    package private(set) var stepName: String?
    private static let patience: Milliseconds = 250

    /// - Parameter connection: the run's own; it keeps the lock until it is closed.
    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// How something ended.
    package enum Outcome: String, Sendable {
        case succeeded
        /// Done, with rows rejected or subscriptions held.
        case incomplete
        case failed
    }

    /// Takes the lock, or throws `StoreError.busy` within a quarter of a second. That long it waits because the server
    /// needs a moment to notice that a killed run is gone.
    package func claim() throws {
        do {
            try connection.withTimeouts(statement: nil, lock: Self.patience) {
                _ = try connection.execute(Query(.lockRun))
            }
        } catch PostgresError.server(.lockNotAvailable, _, _) {
            throw StoreError.busy
        }
    }

    /// Takes the books over from whatever ran before: needs the claim, and belongs into the transaction of a dry run.
    package func takeOver() throws {
        // The lock is ours, so nothing that calls itself running may go on. A batch of a killed run may still be committing
        // on the server, and what it commits must be seen; so may the workers of a run that lost this lock alone with its
        // session. In this order: a batch that begins later finds its run abandoned, an earlier one is waited for.
        _ = try connection.execute(Query(.abandonRuns))
        _ = try connection.execute(Query(.awaitBatches))
    }

    /// - Parameter origin: what started the run; nil where that is not known.
    package func begin(job: String, asOf: CivilDate, programVersion: String, origin: RunRecord.Origin? = nil) throws {
        guard
            let id = try connection.first(Query(.beginRun, job, asOf, programVersion, origin?.rawValue), as: Int64.self)
        else {
            throw StoreError.inconsistent("a run got no number")
        }
        runID = id
    }

    /// Takes the claim again in a new session, after the one that held it was lost. Nobody else may have taken the books
    /// over in between.
    ///
    /// - Throws: `StoreError.claimLost`; `StoreError.busy` while the lost session is still there on the server, or another
    ///   run has begun.
    package func resume() throws {
        // First, as the lock is no use to a run that is over; and again, as somebody may have been faster.
        try guardClaim()
        try claim()
        try guardClaim()
        _ = try connection.execute(Query(.noteLostSession, runID))
    }

    private func guardClaim() throws {
        guard try connection.first(Query(.resumeRun, runID), as: Bool.self) == true else {
            throw StoreError.claimLost
        }
    }

    /// - Parameter summary: JSON.
    package func end(_ outcome: Outcome, exitCode: Int16, summary: String) throws {
        _ = try connection.surviving {
            try connection.execute(Query(.endRun, runID, outcome.rawValue, exitCode, summary))
        }
    }

    /// Journals a step around `body`, which returns how it ended and its detail as JSON. A body that loses its connection
    /// is called again where the run survives that.
    package func step<R>(_ name: String, _ body: () throws -> (outcome: Outcome, detail: String, result: R)) throws -> R
    {
        lastStep += 1
        stepName = name
        let step = lastStep
        _ = try connection.surviving { try connection.execute(Query(.beginStep, runID, step, name)) }
        do {
            let (outcome, detail, result) = try connection.surviving { try body() }
            _ = try connection.surviving {
                try connection.execute(Query(.endStep, runID, step, outcome.rawValue, detail))
            }
            return result
        } catch {
            // The first error is the one to report; the journal entry is made if the connection still allows it.
            _ = try? connection.execute(Query(.endStep, runID, step, Outcome.failed.rawValue, "{}"))
            throw error
        }
    }

    /// The days between which the present instant lies in all time zones of the subscriptions: closing by the earlier one
    /// never closes a period that has not ended for its customer.
    ///
    /// - Parameter now: microseconds since 1970-01-01 UTC.
    package func localDates(now: Int64) throws -> (earliest: CivilDate, latest: CivilDate) {
        guard
            let dates = try connection.first(
                Query(.readLocalDates, PGTimestamp(microsecondsSince1970: now)), as: CivilDate.self, CivilDate.self)
        else { throw StoreError.inconsistent("no local date") }
        return dates
    }
}
