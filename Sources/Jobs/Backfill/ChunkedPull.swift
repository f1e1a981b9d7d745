import Billing
import Connectors
import Deployment
import Logging
import Postgres
import Store
import Synchronization

/// Pulls past days of one source chunk by chunk, oldest first: each is a pull of its own in the journal, and done or not.
///
/// Workers read several chunks side by side, as many at a time as the source allows, and one of them at a time writes what it
/// has read: no two chunks have a reading in common, but totals, channels and months they have.
struct ChunkedPull {
    let context: JobContext
    let runID: Int64
    let folder: DeploymentFolder
    let source: SourceDefinition
    /// Not yet done, oldest first.
    let chunks: [DateRange]
    let backfill: Int64
    let today: CivilDate
    let asOf: CivilDate
    let tally: ChunkTally

    /// - Parameter connection: the run's own, on which everything is done that is not done side by side.
    func run(on connection: Connection, catalogs: CatalogStore) throws {
        guard !chunks.isEmpty else { return }
        context.reporter.begin("pulling \(source.name)", total: Int64(chunks.count))
        defer { context.reporter.end() }
        let queue = Mutex(chunks[...])
        @Sendable func next() -> DateRange? { queue.withLock { $0.popFirst() } }
        // Beside those who read there may be one who writes.
        let workers = context.isDryRun ? 1 : min(context.workers, source.concurrency + 1, chunks.count)
        let terms = PullStep.Backfill(
            id: backfill, isShared: workers > 1, turns: SourceTurns(source.concurrency), pace: HTTPPace())
        guard workers > 1 else {
            while let chunk = next() { try pull(chunk, terms, connection, catalogs) }
            return
        }
        try Workers.run(workers) { _, failure in
            var terms = terms
            terms.failure = failure
            let connection = try context.connectWorker()
            let catalogs = CatalogStore(connection, parse: DeploymentFolder.parseCatalog)
            while !failure.isSet, let chunk = next() {
                try connection.surviving { try pull(chunk, terms, connection, catalogs) }
            }
        }
        try BackfillStore(connection).abandonLostPulls(ofRun: runID)
    }

    private func pull(
        _ chunk: DateRange, _ terms: PullStep.Backfill, _ connection: Connection, _ catalogs: CatalogStore
    ) throws {
        try context.stop.check()
        var context = context
        context.reporter = ChunkReporter(tally)
        let pull = try PullStep(
            context: context, connection: connection, runID: runID, catalogs: catalogs, folder: folder, source: source,
            window: PullStep.Window(from: chunk.start, to: chunk.end), today: today, asOf: asOf, backfill: terms
        ).run()
        tally.add(pull)
        context.log.info(
            "chunk is done",
            metadata: [
                "from": "\(chunk.start)", "to": "\(chunk.end)", "read": .stringConvertible(pull.counts.read),
                "new": .stringConvertible(pull.counts.new), "changed": .stringConvertible(pull.counts.changed),
            ])
    }
}
