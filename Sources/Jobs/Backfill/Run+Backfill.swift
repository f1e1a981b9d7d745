import Billing
import Deployment
import Documents
import Logging
import Postgres
import Store

/// Past days that are pulled again.
extension Run {
    /// What a job that takes a window does to its sources, each chunk by chunk where it can be asked for days.
    ///
    /// - Parameter sources: as the deployment has them: who holds what comes before the readings that are taken in by it.
    func backfill(
        _ step: JobDefinition.Step, _ sources: [SourceDefinition], _ folder: DeploymentFolder,
        window: PullStep.Window, chunk: Cadence
    ) throws {
        for source in sources {
            try attempt(step, "pull \(source.name)") {
                try backfill(source, folder, window: bounded(window), chunk: chunk)
            }
        }
    }

    private func backfill(
        _ source: SourceDefinition, _ folder: DeploymentFolder, window: PullStep.Window, chunk: Cadence
    ) throws {
        let today = try latestDay()
        guard source.feeds == .readings, let range = window.range else {
            return try pull([source], folder, window: window)
        }
        let chunks = try chunks(of: range, by: chunk, source, today: today)
        context.log[metadataKey: "source"] = "\(source.name)"
        // Outside of the step, which is done again when it loses its connection.
        let tally = ChunkTally(source.name, feeds: source.feeds.rawValue, reporter: context.reporter)
        let pulled = try self.step("pull \(source.name)") {
            let store = BackfillStore(connection)
            let backfill = try begin(source, range, chunk, in: store)
            let done = try store.done(backfill)
            let before = done.filter { $0.run != journal.runID && chunks.contains($0.chunk) }
            note(
                BackfillStatement.Source(
                    name: source.name, chunks: chunks.count, doneBefore: before.count,
                    runs: Set(before.map(\.run)).sorted()),
                backfill, range)
            let left = Set(chunks).subtracting(done.map(\.chunk))
            try ChunkedPull(
                context: context, runID: journal.runID, folder: folder, source: source,
                chunks: chunks.filter(left.contains), backfill: backfill, today: today, asOf: asOf, tally: tally
            ).run(on: connection, catalogs: catalogs)
            let pull = tally.pull
            return (pull.counts.rejected > 0 ? .incomplete : .succeeded, RunSummaryJSON.text(pull), pull)
        }
        summary.pulls.append(pulled)
    }

    /// - Throws: `JobError.tooManyChunks`.
    private func chunks(
        of range: DateRange, by size: Cadence, _ source: SourceDefinition, today: CivilDate
    ) throws -> [DateRange] {
        guard source.isAskedForDays else { return [range] }
        var range = range
        if case .prometheus = source.origin, let tomorrow = today.adding(days: 1) {
            // It has nothing of days to come, and a chunk of them would be no window.
            range = DateRange(start: range.start, end: min(range.end, tomorrow)) ?? range
        }
        guard let chunks = range.chunks(of: size) else { throw JobError.tooManyChunks(range, size) }
        return chunks
    }

    /// The number of the backfill to go on with, or of a new one: the same each time that a run asks for it.
    private func begin(
        _ source: SourceDefinition, _ range: DateRange, _ chunk: Cadence, in store: BackfillStore
    ) throws -> Int64 {
        if let begun = backfills[source.name] { return begun.id }
        let identity = BackfillStore.Identity(
            source: source.name, digest: source.meaningDigest, catalogID: try catalogs.current()?.id, window: range,
            chunk: chunk)
        return try store.begin(identity, run: journal.runID, restarts: context.restarts)
    }

    private func note(_ source: BackfillStatement.Source, _ id: Int64, _ range: DateRange) {
        if backfills[source.name] == nil, source.doneBefore > 0 {
            context.log.notice(
                "chunks were done before and are not asked for again",
                metadata: [
                    "done": .stringConvertible(source.doneBefore), "of": .stringConvertible(source.chunks),
                    "runs": "\(source.runs.map { "\($0)" }.joined(separator: ", "))",
                ])
        }
        backfills[source.name] = Begun(id: id, range: range, source: source)
    }

    /// Says what the backfills of the run have changed, once: when all totals are right and before anything is closed.
    func tellChanges() throws {
        guard !backfills.isEmpty, summary.backfill == nil else { return }
        summary.backfill = try step(BackfillJSON.step) {
            let begun = backfills.values.sorted { $0.id < $1.id }
            let changes = try BackfillChanges(connection, backfills: begun.map(\.id), run: journal.runID)
            var statement = BackfillStatement(sources: begun.map(\.source))
            if let window = begun.first?.range {
                let places = Dictionary(
                    try catalogs.currentForRating().meters.map { ($0.series, $0.definition.places) },
                    uniquingKeysWith: max)
                statement.readings = try changes.readings(in: window) { places[$0] ?? 0 }
                statement.totals = try changes.totals(from: window.start)
            }
            statement.corrections = try CorrectionForecast(
                context: context, connection: connection, changes: changes, catalogs: catalogs
            ).run()
            return (
                statement.corrections.failed > 0 ? .incomplete : .succeeded, BackfillJSON.text(statement), statement
            )
        }
    }

    /// The run has ended well: whoever gives the same command again means to ask for everything again.
    func endBackfills() throws {
        guard !backfills.isEmpty, summary.failures.isEmpty else { return }
        try connection.surviving {
            try BackfillStore(connection).end(backfills.values.map(\.id), run: journal.runID)
        }
    }
}

extension PullStep.Window {
    /// Nil where an end is open, or where there is nothing between them.
    fileprivate var range: DateRange? {
        guard let from, let to else { return nil }
        return DateRange(start: from, end: to)
    }
}
