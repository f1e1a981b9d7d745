package import Billing
package import Postgres
import SQL

/// Backfills: which chunks of past days of a source have been pulled again, so that an interrupted one goes on behind them.
///
/// A chunk is done when a pull of its days has read the source to the end; what a killed pull has stored of another one is
/// found unchanged, or put right, by the pull that does it again.
package struct BackfillStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// What makes two backfills the same.
    package struct Identity: Sendable {
        package var source: String
        /// SHA-256 of what the sources file says that the rows are.
        package var digest: [UInt8]
        /// Nil where there is none.
        package var catalogID: Int32?
        package var window: DateRange
        package var chunk: Cadence

        package init(source: String, digest: [UInt8], catalogID: Int32?, window: DateRange, chunk: Cadence) {
            self.source = source
            self.digest = digest
            self.catalogID = catalogID
            self.window = window
            self.chunk = chunk
        }
    }

    /// The backfill to go on with, or a new one.
    ///
    /// - Parameter restarts: begin a new one in any case.
    package func begin(_ identity: Identity, run: Int64, restarts: Bool) throws -> Int64 {
        let (window, chunk) = (identity.window, identity.chunk.description)
        if !restarts,
            let open = try connection.first(
                Query(
                    .findBackfill, identity.source, identity.digest, identity.catalogID, window.start, window.end, chunk
                ),
                as: Int64?.self) ?? nil
        {
            return open
        }
        guard
            let new = try connection.first(
                Query(
                    .beginBackfill, identity.source, identity.digest, identity.catalogID, window.start, window.end,
                    chunk, run), as: Int64.self)
        else { throw StoreError.inconsistent("a backfill got no number") }
        return new
    }

    /// The chunks that are done, in order of time, each with the run that did it.
    package func done(_ backfill: Int64) throws -> [(chunk: DateRange, run: Int64)] {
        try connection.query(
            Query(.listDoneChunks, backfill), as: CivilDate.self, CivilDate.self, Int64.self
        ).map { row in
            guard let chunk = DateRange(start: row.0, end: row.1) else {
                throw StoreError.inconsistent("a chunk of no days")
            }
            return (chunk, row.2)
        }
    }

    /// Says of what the lost sessions of a run's workers were pulling that nobody does so any more.
    package func abandonLostPulls(ofRun run: Int64) throws {
        _ = try connection.execute(Query(.abandonLostPulls, run))
    }

    /// There is nothing to go on with any more: the next backfill of these days asks for everything again.
    package func end(_ backfills: [Int64], run: Int64) throws {
        _ = try connection.execute(Query(.endBackfills, backfills, run))
    }
}
